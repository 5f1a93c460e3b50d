//! Fuzz targets for the classification of responses and the reading of options.
//!
//! `cargo test` gives each target some random inputs. `cargo install cargo-bolero`, and then
//! `cargo bolero test --rustc-bootstrap classify_survives_any_response` (or `options_survive_any_values`), searches
//! with libFuzzer and AddressSanitizer until it is stopped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod response;

use bolero::check;
use daraja_auth_core::error::Code;
use daraja_auth_core::options::{NAMES, OptionValue, Options, ValueKind};
use response::{Sent, classified, credentials};

const SECRET: &str = "c4nary s3cret";

#[test]
fn classify_survives_any_response() {
    let secrets = credentials("key", SECRET).unwrap().secrets();
    let encoded = secrets.authorization.strip_prefix("Basic ").unwrap();
    check!().with_type::<(u16, bool, String, String, Vec<u8>)>().for_each(
        |(status, is_html, retry_after, date, body)| {
            // One byte stands for each secret and for each part of an error, so that the fuzzer finds them easily.
            let body: Vec<u8> = body
                .iter()
                .flat_map(|&byte| match byte {
                    1 => SECRET.as_bytes().to_vec(),
                    2 => encoded.as_bytes().to_vec(),
                    3 => br#"{"errorCode":""#.to_vec(),
                    4 => br#"","errorMessage":""#.to_vec(),
                    5 => br#""}"#.to_vec(),
                    byte => vec![byte],
                })
                .collect();
            let content_type = if *is_html { "text/html" } else { "" }.to_owned();
            let sent =
                Sent { status: *status, content_type, retry_after: retry_after.clone(), date: date.clone(), body };
            match classified(&sent, &secrets) {
                Ok(token) => assert!((1..=86_400).contains(&token.expires_in) && (200..=299).contains(status)),
                Err(error) => {
                    let shown = [
                        Some(&error.message),
                        error.error_code.as_ref(),
                        error.request_id.as_ref(),
                        error.incident_id.as_ref(),
                    ];
                    for text in shown.into_iter().flatten() {
                        assert!(!text.contains(SECRET) && !text.contains(encoded), "{text}");
                        assert!(text.len() < 512);
                    }
                }
            }
        },
    );
}

#[test]
fn options_survive_any_values() {
    check!().with_type::<Vec<(u8, String, f64)>>().for_each(|values| {
        let mut values = values.iter();
        let read = Options::read(&mut |_| {
            let (kind, text, number) = values.next().cloned().unwrap_or_default();
            match kind % 8 {
                0..=3 => OptionValue::Text(text.into()),
                4 => OptionValue::UNDEFINED,
                5 => OptionValue::Number(number),
                6 => OptionValue::Other(ValueKind::Function),
                _ => OptionValue::Other(ValueKind::AbortSignal),
            }
        });
        match read {
            Ok(options) => assert!(options.request().authorization.starts_with("Basic ")),
            Err(error) => {
                assert_eq!(error.code, Code::InvalidOption);
                assert!(NAMES.split(", ").any(|name| error.message.starts_with(name)), "{}", error.message);
            }
        }
    });
}
