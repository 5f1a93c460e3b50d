//! The options of `TokenManager`. Its constructor checks them.

use alloc::boxed::Box;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::manager::policy::{OnStoreDown, Policy};
use crate::options::{MAX_MS, ReadOption, Reader, ValueKind, ill_typed, mistyped, timing};
use crate::time::Millis;

/// The names of the options, for two texts.
macro_rules! names {
    () => {
        "consumerKey, consumerSecret, credentials, environment, baseUrl, path, fetch, timeoutMs, retries, store, \
         renewBeforeMs, renewInBackground, retryOnRejection, onStoreDown, onEvent, seal, open, now, policy"
    };
}
/// Every option of `TokenManager`, without the members of `policy`, which are [`Policy::names`].
pub const NAMES: &str = names!();
/// Hint for an unknown option name.
pub const LISTED: &str = concat!("The options are ", names!(), ". docs/manager.md lists those of policy.");

/// The kinds of the options that only JavaScript can use. JavaScript itself checks the methods of a store.
const KINDS: [(&str, ValueKind); 6] = [
    ("fetch", ValueKind::Function),
    ("onEvent", ValueKind::Function),
    ("seal", ValueKind::Function),
    ("open", ValueKind::Function),
    ("now", ValueKind::Function),
    ("policy", ValueKind::Object),
];

/// The options. All of them are valid.
#[derive(Debug)]
pub struct ManagerOptions {
    /// From `consumerKey` and `consumerSecret`. None if the function `credentials` gives them when they are needed.
    pub credentials: Option<Credentials>,
    /// From `environment`, `baseUrl` and `path`.
    pub endpoint: Endpoint,
    /// From `policy`, and from the options that set one of its members.
    pub policy: Policy,
    /// `renewInBackground`.
    pub renews_in_background: bool,
    /// `retryOnRejection`.
    pub retries_on_rejection: bool,
}

impl ManagerOptions {
    /// Reads each option by its name, and each number of the policy by `read_policy`.
    ///
    /// # Errors
    ///
    /// [`crate::error::Code::InvalidOption`] for the first option that is invalid.
    pub fn read<'a>(read_option: &'a mut ReadOption<'a>, read_policy: &'a mut ReadOption<'a>) -> Result<Self> {
        let options = &mut Reader::new(read_option);
        let credentials = if !options.optional("credentials", ValueKind::Function).is_given() {
            Some(Credentials::read(options))
        } else {
            if options.has("consumerKey") || options.has("consumerSecret") {
                options.invalid(twice());
            }
            None
        };
        let endpoint = Endpoint::read(options);
        for (name, kind) in KINDS {
            options.optional(name, kind);
        }
        if options.has("seal") && !options.has("open") {
            options.invalid(seal_without_open());
        }
        let renews_in_background = options.is_on("renewInBackground", false);
        let retries_on_rejection = options.is_on("retryOnRejection", true);
        let mut policy = Policy::DEFAULT;
        let (timeout, retry) = timing(options);
        policy.retry = retry;
        policy.timeout = timeout;
        if let Some(ms) = options.whole_number("renewBeforeMs", 0..=MAX_MS) {
            policy.renew_before = Millis(ms.into());
            policy.renew_before_is_given = true;
            // If the renewal begins late, callers also begin later to wait for it, and get the old token for longer.
            policy.blocking_window = policy.blocking_window.min(Millis(u64::from(ms) / 10 * 9));
            policy.min_remaining = policy.min_remaining.min(policy.blocking_window);
        }
        let on_store_down = options.text("onStoreDown");
        match on_store_down.as_ref().map(|text| text.as_str()) {
            None | Some("fail") => {}
            Some("generate") => policy.on_store_down = OnStoreDown::Generate,
            _ => options.invalid(mistyped("onStoreDown", "\"fail\" or \"generate\"", "another string")),
        }
        policy.deadline = policy.derived_deadline();
        options.read_option = read_policy;
        for name in Policy::names() {
            if let Some(number) = options.whole_number(name, 0..=MAX_MS) {
                policy.set(name, number.into());
            }
        }
        if let Some(fault) = policy.fault() {
            options.invalid(fault);
        }
        options.finish(Self { credentials, endpoint, policy, renews_in_background, retries_on_rejection })
    }
}

fn twice() -> Box<Error> {
    ill_typed(
        "credentials",
        "nothing beside consumerKey and consumerSecret",
        "a function",
        "Credentials come from one place: from credentials(), or from the two strings.",
    )
}

fn seal_without_open() -> Box<Error> {
    ill_typed("open", "a function beside seal", "undefined", "What is sealed must be opened. open alone is fine.")
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use super::*;
    use crate::error::Code;
    use crate::options::OptionValue;
    use crate::time::Millis;

    type Given<'a> = &'a [(&'a str, Value)];

    /// An option, for the tests.
    #[derive(Clone, Copy)]
    enum Value {
        Text(&'static str),
        Number(f64),
        Boolean(bool),
        Other(ValueKind),
    }

    fn option_value(given: Given<'_>, name: &str) -> OptionValue {
        match given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value) {
            None => OptionValue::UNDEFINED,
            Some(Value::Text(text)) => OptionValue::Text(String::from(text).into()),
            Some(Value::Number(number)) => OptionValue::Number(number),
            Some(Value::Boolean(is_on)) => OptionValue::Boolean(is_on),
            Some(Value::Other(kind)) => OptionValue::Other(kind),
        }
    }

    fn read(given: Given<'_>, policy: Given<'_>) -> core::result::Result<ManagerOptions, String> {
        let pair: Given<'_> = &[("consumerKey", Value::Text("key")), ("consumerSecret", Value::Text("secret"))];
        let all = [given, if given.iter().any(|(name, ..)| *name == "credentials") { &[] } else { pair }].concat();
        ManagerOptions::read(&mut |name| option_value(&all, name), &mut |name| option_value(policy, name)).map_err(
            |error| {
                assert_eq!(error.code, Code::InvalidOption);
                assert!(error.hint.ends_with('.'));
                error.message
            },
        )
    }

    #[test]
    fn the_two_strings_are_enough_and_all_else_has_defaults() {
        let options = read(&[], &[]).unwrap();
        assert_eq!(options.policy, Policy::DEFAULT);
        assert!(options.credentials.is_some() && options.retries_on_rejection && !options.renews_in_background);
        assert!(options.endpoint.url().starts_with("https://sandbox.safaricom.co.ke/"));
    }

    #[test]
    fn every_option_and_every_number_is_asked_for_by_its_name() {
        let mut asked = Vec::new();
        let mut of_policy = Vec::new();
        let find = &mut |name| {
            asked.push(name);
            option_value(&[("consumerKey", Value::Text("k")), ("consumerSecret", Value::Text("s"))], name)
        };
        ManagerOptions::read(find, &mut |name| {
            of_policy.push(name);
            option_value(&[], name)
        })
        .unwrap();
        // JavaScript itself reads the store, and checks its methods.
        asked.push("store");
        assert!(NAMES.split(", ").all(|name| asked.contains(&name)), "{asked:?}");
        assert!(asked.iter().all(|name| NAMES.split(", ").any(|known| known == *name)), "{asked:?}");
        assert_eq!(of_policy, Policy::names().collect::<Vec<_>>());
    }

    #[test]
    fn given_options_replace_the_defaults() {
        let options = read(
            &[
                ("renewBeforeMs", Value::Number(90_000.0)),
                ("retryOnRejection", Value::Boolean(false)),
                ("renewInBackground", Value::Boolean(true)),
                ("onStoreDown", Value::Text("generate")),
                ("timeoutMs", Value::Number(5_000.0)),
                ("retries", Value::Number(0.0)),
            ],
            &[("minRemainingMs", Value::Number(7.0))],
        )
        .unwrap();
        assert_eq!((options.policy.renew_before, options.policy.renew_before_is_given), (Millis(90_000), true));
        assert!(!options.retries_on_rejection && options.renews_in_background);
        assert_eq!(options.policy.on_store_down, OnStoreDown::Generate);
        assert_eq!((options.policy.min_remaining, options.policy.timeout), (Millis(7), Millis(5_000)));
        // A crashed holder's lease of 10 s, and one attempt with its longest pause.
        assert_eq!(options.policy.deadline, Millis(20_000));
        assert!(!read(&[], &[("renewBeforeMs", Value::Number(90_000.0))]).unwrap().policy.renew_before_is_given);
    }

    #[test]
    fn a_late_renewal_shortens_the_windows_that_depend_on_it() {
        for (given, blocks_callers, floor) in [(60_000, 54_000, 10_000), (5_000, 4_500, 4_500), (0, 0, 0)] {
            let options = read(&[("renewBeforeMs", Value::Number(f64::from(given)))], &[]).unwrap();
            assert_eq!(
                (options.policy.blocking_window, options.policy.min_remaining),
                (Millis(blocks_callers), Millis(floor)),
                "{given}"
            );
        }
        let given = ("blockingWindowMs", Value::Number(60_000.0));
        assert!(read(&[("renewBeforeMs", Value::Number(60_000.0))], &[given]).is_err());
    }

    #[test]
    fn seal_needs_open() {
        let [seal, open] = ["seal", "open"].map(|name| (name, Value::Other(ValueKind::Function)));
        assert_eq!(read(&[seal], &[]).unwrap_err(), "open: expected a function beside seal, found undefined");
        assert!(read(&[seal, open], &[]).is_ok() && read(&[open], &[]).is_ok());
    }

    #[test]
    fn credentials_come_from_one_place() {
        let function = ("credentials", Value::Other(ValueKind::Function));
        assert!(read(&[function], &[]).unwrap().credentials.is_none());
        for name in ["consumerKey", "consumerSecret"] {
            assert_eq!(
                read(&[function, (name, Value::Text("x"))], &[]).unwrap_err(),
                "credentials: expected nothing beside consumerKey and consumerSecret, found a function"
            );
        }
    }

    #[test]
    fn an_error_names_the_invalid_option() {
        for (name, expected) in [
            ("credentials", ValueKind::Function),
            ("renewBeforeMs", ValueKind::Number),
            ("onStoreDown", ValueKind::Text),
            ("renewInBackground", ValueKind::Boolean),
            ("retryOnRejection", ValueKind::Boolean),
        ]
        .iter()
        .chain(&KINDS)
        {
            let message = read(&[(name, Value::Other(ValueKind::Null))], &[]).unwrap_err();
            assert_eq!(message, format!("{name}: expected {expected}, found null"));
        }
        assert_eq!(
            read(&[("onStoreDown", Value::Text("panic"))], &[]).unwrap_err(),
            "onStoreDown: expected \"fail\" or \"generate\", found another string"
        );
        assert_eq!(
            read(&[], &[("minRemainingMs", Value::Number(0.5))]).unwrap_err(),
            "minRemainingMs: expected a whole number from 0 to 2147483647, found another number"
        );
    }
}
