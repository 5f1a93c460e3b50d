//! Properties of every input: there is no panic, no secret in an error, and no token that Daraja did not grant.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod generators;
#[path = "../response/mod.rs"]
mod response;

use daraja_auth_core::credentials::Secrets;
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::error::{Code, Error};
use daraja_auth_core::exchange::{BodyKind, Field, Response, classify};
use daraja_auth_core::options::{LISTED, NAMES, OptionValue, Options, ReadOption, ValueKind, unknown};
use daraja_auth_core::retry::RetryPolicy;
use daraja_auth_core::scrub::{identifier, scrub};
use daraja_auth_core::time::{EpochMillis, Millis};
use generators::{TOKEN, any_value, leak, secret, status};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use response::{Sent, classified, credentials};
use serde_json::{Value, json};

/// All texts of an error: formatted, and each of its fields.
fn shown(error: &Error) -> Vec<String> {
    let mut shown = vec![format!("{error}"), format!("{error:?}"), format!("{error:#?}"), error.message.clone()];
    shown.push(error.hint.to_owned());
    shown.extend([&error.error_code, &error.request_id, &error.incident_id].into_iter().flatten().cloned());
    shown
}

fn assert_hidden(shown: &[String], needles: &[String]) -> Result<(), TestCaseError> {
    for text in shown {
        for needle in needles {
            prop_assert!(!text.contains(needle), "{needle:?} in {text:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn no_error_shows_a_secret_or_a_token(
        (secret, needles, _token, body) in leak(),
        status in status(),
        content_type in select(vec!["application/json", "text/html", "text/plain", ""]),
        retry_after in "[0-9]{0,12}|[ -~]{0,30}",
    ) {
        let secrets = credentials("key", &secret).unwrap().secrets();
        let sent = Sent {
            status,
            content_type: content_type.to_owned(),
            retry_after,
            body: body.into_bytes(),
            ..Sent::default()
        };
        match classified(&sent, &secrets) {
            Ok(token) => assert_hidden(&[format!("{token:?}"), format!("{token:#?}")], &needles)?,
            Err(error) => {
                prop_assert_eq!(error.status, Some(status));
                prop_assert!(error.message.len() < 512, "{} bytes of message", error.message.len());
                assert_hidden(&shown(&error), &needles)?;
            }
        }
    }

    #[test]
    fn a_granted_token_fits_into_a_header_and_is_valid_for_a_second_to_a_day(
        token in prop_oneof![TOKEN, "[!-~]{0,8}", any::<String>()],
        expires_in in prop_oneof![
            any::<f64>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            (-1..90_000i32).prop_map(Value::from),
            (-1..90_000i32).prop_map(|seconds| Value::from(seconds.to_string())),
            any::<String>().prop_map(Value::from),
        ],
        status in status(),
    ) {
        let body = json!({ "access_token": token, "expires_in": expires_in }).to_string().into_bytes();
        match classified(&Sent { status, body, ..Sent::default() }, &Secrets::default()) {
            Ok(granted) => {
                prop_assert!((200..=299).contains(&status));
                prop_assert_eq!(granted.access_token.as_str(), &token);
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
                prop_assert!(!token.is_empty() && token.chars().all(allowed), "{token:?}");
                prop_assert!(!token.starts_with('=') && !token.trim_end_matches('=').contains('='), "{token:?}");
                prop_assert!((1..=86_400).contains(&granted.expires_in));
                prop_assert_eq!(granted.expires_at, EpochMillis(u64::from(granted.expires_in) * 1000));
            }
            Err(error) if (200..=299).contains(&status) => prop_assert_eq!(error.code, Code::MalformedResponse),
            Err(error) => prop_assert_ne!(error.code, Code::MalformedResponse),
        }
    }

    #[test]
    fn no_answer_causes_a_panic(
        status in any::<u16>(),
        redirected in any::<bool>(),
        wait in any::<Option<u64>>(),
        kind in select(vec![BodyKind::Json, BodyKind::Empty, BodyKind::Html, BodyKind::TooLong, BodyKind::Other]),
        text in any::<String>(),
        field in prop::option::of(prop_oneof![
            Just(Field::Absent),
            any::<String>().prop_map(Field::Text),
            any::<f64>().prop_map(Field::Number),
            Just(Field::Other),
        ]),
        sent in any::<u64>(),
        received in any::<u64>(),
    ) {
        let json = |_: &str| field.clone().unwrap();
        let response = Response {
            status,
            redirected,
            retry_after: wait.map(Millis),
            from_imperva: redirected,
            kind,
            text: &text,
            json: if field.is_some() { Some(&json) } else { None },
            sent: EpochMillis(sent),
            received: EpochMillis(received),
        };
        match classify(&response, &credentials("key", "s3cret").unwrap().secrets()) {
            Ok(token) => prop_assert!(token.expires_at > EpochMillis(received) && !redirected),
            Err(error) => prop_assert_eq!(error.retry_after, wait.map(Millis)),
        }
    }

    #[test]
    fn random_bytes_are_an_error(body in vec(any::<u8>(), 0..300), status in status()) {
        let sent = Sent { status, body, ..Sent::default() };
        prop_assert!(classified(&sent, &Secrets::default()).is_err());
    }

    #[test]
    fn random_options_are_read_or_are_an_error_without_the_secret(
        secret in secret(),
        others in vec((select(NAMES.split(", ").collect::<Vec<_>>()), any_value()), 0..4),
    ) {
        let string = |text: &str| OptionValue::Text(text.to_owned().into());
        let read_option: &mut ReadOption<'_> = &mut |name| {
            let other = others.iter().find(|(other, _)| *other == name).map(|(_, (kind, text, number))| match kind {
                ValueKind::Text => string(&text.replace("SECRET", &secret)),
                ValueKind::Number => OptionValue::Number(*number),
                kind => OptionValue::Other(*kind),
            });
            other.unwrap_or_else(|| match name {
                "consumerKey" => string("key"),
                "consumerSecret" => string(&secret),
                _ => OptionValue::UNDEFINED,
            })
        };
        match Options::read(read_option) {
            Ok(options) => {
                let request = options.request();
                let authorization = request.authorization.to_string();
                let needles = [authorization.strip_prefix("Basic ").unwrap().to_owned(), secret];
                let shown = [
                    format!("{options:?}"),
                    format!("{:#?}", options.credentials),
                    format!("{:?}", options.credentials.secrets()),
                    format!("{request:?}"),
                ];
                // A caller may put the secret into baseUrl or path, and the URL is shown.
                prop_assume!(!request.url.contains(&needles[1]));
                assert_hidden(&shown, &needles)?;
                prop_assert!((1..=2_147_483_647).contains(&options.timeout.0));
                prop_assert!(options.retry.retries <= 10);
            }
            Err(error) => {
                prop_assert_eq!(error.code, Code::InvalidOption);
                let (name, _) = error.message.split_once([':', ' ']).unwrap();
                prop_assert!(NAMES.split(", ").any(|known| known == name), "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_option_is_named_on_one_line_and_shows_no_key(name in any::<String>(), key in "[0-9A-Za-z]{32,64}") {
        let message = unknown(&format!("{name}{key}{name}"), LISTED).message;
        prop_assert!(message.starts_with("unknown option "), "{message:?}");
        prop_assert!(!message.contains(&key) && !message.bytes().any(|b| b.is_ascii_control()), "{message:?}");
    }

    #[test]
    fn credentials_go_only_over_https_or_to_this_machine(
        environment in prop_oneof![Just(None), Just(Some("sandbox".to_owned())), any::<Option<String>>()],
        base_url in prop::option::of(prop_oneof![
            any::<String>(),
            "(https?|HTTP|ftp):/{0,3}(localhost|127[.0-9]{0,8}|\\[::1\\]|[a-z.@%]{0,9})(:[0-9]{0,6})?[ -~]{0,9}",
        ]),
        path in prop::option::of(prop_oneof![any::<String>(), "/[ -~]{0,20}"]),
    ) {
        match Endpoint::new(environment.as_deref(), base_url.as_deref(), path.as_deref()) {
            Ok(endpoint) => {
                let url = endpoint.url();
                let this_machine = ["http://localhost", "http://127.", "http://[::1]"];
                prop_assert!(url.starts_with("https://") || this_machine.iter().any(|host| url.starts_with(host)), "{url}");
                prop_assert!(url.bytes().all(|b| b.is_ascii_graphic() && !b"@#\\".contains(&b)), "{url}");
                prop_assert_eq!(url.split_once('?').map(|(_, query)| query), Some("grant_type=client_credentials"));
            }
            Err(error) => prop_assert_eq!(error.code, Code::InvalidOption),
        }
    }

    #[test]
    fn a_scrubbed_text_is_one_short_line_without_the_secret(text in any::<String>(), secret in secret()) {
        let with_secret = format!("{text}{secret}{text}");
        let scrubbed = scrub(&with_secret, &[&secret]);
        prop_assert!(!scrubbed.contains(&secret), "{scrubbed:?}");
        prop_assert!(scrubbed.len() < 400, "{} bytes", scrubbed.len());
        prop_assert!(!scrubbed.bytes().any(|b| b.is_ascii_control()), "{scrubbed:?}");
        prop_assert_eq!(identifier(&with_secret, &[&secret]), None);
    }

    #[test]
    fn a_pause_is_at_least_as_long_as_the_server_asks_and_five_seconds_at_most(
        retries in any::<u32>(),
        attempts in any::<u32>(),
        random in any::<f64>(),
        asked in prop_oneof![(0..10_000u64).prop_map(Some), any::<Option<u64>>()],
        timed_out in any::<bool>(),
    ) {
        let code = if timed_out { Code::Timeout } else { Code::Network };
        match (RetryPolicy { retries }).pause(code, asked.map(Millis), attempts, random) {
            Some(Millis(pause)) => {
                prop_assert!(attempts <= retries);
                prop_assert!(pause <= 5_000 && pause >= asked.unwrap_or_default());
                prop_assert!(pause >= 1_000 || !timed_out);
            }
            None => prop_assert!(attempts > retries || asked > Some(5_000)),
        }
    }
}
