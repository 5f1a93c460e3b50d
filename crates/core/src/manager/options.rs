//! The options of `TokenManager`, judged once, in its constructor.

use alloc::boxed::Box;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::manager::policy::{OnStoreDown, Policy};
use crate::options::{Find, MAX_MS, Reader, ill_typed, mistyped, timing};
use crate::time::Millis;

/// Every option of `TokenManager` but those of `policy`, which are [`Policy::names`].
pub const NAMES: &str = "consumerKey consumerSecret credentials environment baseUrl path fetch timeoutMs retries store \
    renewBeforeMs renewInBackground retryOnRejection onStoreDown onEvent seal open now policy";

/// The kinds of those that only JavaScript can use. What a store can do, JavaScript looks at.
const KINDS: [(&str, &str); 6] = [
    ("fetch", "a function"),
    ("onEvent", "a function"),
    ("seal", "a function"),
    ("open", "a function"),
    ("now", "a function"),
    ("policy", "an object"),
];

/// The options, all of them usable.
#[derive(Debug)]
pub struct ManagerOptions {
    /// From `consumerKey` and `consumerSecret`; none where `credentials` gives them at each need.
    pub credentials: Option<Credentials>,
    /// From `environment`, `baseUrl` and `path`.
    pub endpoint: Endpoint,
    /// From `policy`, and the options that have a place in it.
    pub policy: Policy,
    /// `renewInBackground`.
    pub renews_in_background: bool,
    /// `retryOnRejection`.
    pub retries_on_rejection: bool,
}

impl ManagerOptions {
    /// Judges what `find` finds under each name, and `find_policy` under each name of the policy.
    ///
    /// # Errors
    ///
    /// [`crate::error::Code::InvalidOption`] for the first option that cannot be used.
    pub fn read<'a>(find: &'a mut Find<'a>, find_policy: &'a mut Find<'a>) -> Result<Self> {
        let options = &mut Reader::new(find);
        let credentials = if !options.optional("credentials", "a function").is_given() {
            Some(Credentials::read(options))
        } else {
            if options.has("consumerKey") || options.has("consumerSecret") {
                options.refuse(twice());
            }
            None
        };
        let endpoint = Endpoint::read(options);
        for (name, kind) in KINDS {
            options.optional(name, kind);
        }
        if options.has("seal") && !options.has("open") {
            options.refuse(sealed_for_ever());
        }
        let renews_in_background = options.is_on("renewInBackground", false);
        let retries_on_rejection = options.is_on("retryOnRejection", true);
        let mut policy = Policy::DEFAULT;
        let (timeout, retry) = timing(options);
        policy.retry = retry;
        policy.timeout = timeout;
        if let Some(ms) = options.whole_number("renewBeforeMs", 0, MAX_MS) {
            policy.renew_before = Millis(ms.into());
            policy.renew_before_is_given = true;
            // Whoever renews late waits for the successor, and hands out the old one, accordingly later.
            policy.blocking_window = policy.blocking_window.min(Millis(u64::from(ms) / 10 * 9));
            policy.min_remaining = policy.min_remaining.min(policy.blocking_window);
        }
        match options.text("onStoreDown").as_str() {
            "" | "fail" => {}
            "generate" => policy.on_store_down = OnStoreDown::Generate,
            _ => options.refuse(mistyped("onStoreDown", "\"fail\" or \"generate\"", "another string")),
        }
        policy.deadline = policy.derived_deadline();
        options.find = find_policy;
        for name in Policy::names() {
            if let Some(number) = options.whole_number(name, 0, MAX_MS) {
                policy.set(name, number.into());
            }
        }
        if let Some(fault) = policy.fault() {
            options.refuse(fault);
        }
        options.judge(Self { credentials, endpoint, policy, renews_in_background, retries_on_rejection })
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

fn sealed_for_ever() -> Box<Error> {
    ill_typed("open", "a function beside seal", "undefined", "What is sealed must be opened. open alone is fine.")
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use super::*;
    use crate::error::Code;
    use crate::options::Found;
    use crate::time::Millis;

    type Given<'a> = &'a [(&'a str, &'a str, &'a str, f64)];

    fn found(given: Given<'_>, name: &str) -> Found {
        let there = given.iter().find(|(there, ..)| *there == name);
        let (_, kind, text, number) = there.copied().unwrap_or((name, "undefined", "", 0.0));
        Found { kind: kind.into(), text: String::from(text).into(), number }
    }

    fn read(given: Given<'_>, policy: Given<'_>) -> core::result::Result<ManagerOptions, String> {
        let pair: Given<'_> = &[("consumerKey", "a string", "key", 0.0), ("consumerSecret", "a string", "secret", 0.0)];
        let all = [given, if given.iter().any(|(name, ..)| *name == "credentials") { &[] } else { pair }].concat();
        ManagerOptions::read(&mut |name| found(&all, name), &mut |name| found(policy, name)).map_err(|error| {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(error.hint.ends_with('.'));
            error.message
        })
    }

    #[test]
    fn the_two_strings_suffice_and_the_rest_has_its_defaults() {
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
            found(&[("consumerKey", "a string", "k", 0.0), ("consumerSecret", "a string", "s", 0.0)], name)
        };
        ManagerOptions::read(find, &mut |name| {
            of_policy.push(name);
            found(&[], name)
        })
        .unwrap();
        // JavaScript asks for the store, and looks at what it can do.
        asked.push("store");
        assert!(NAMES.split_ascii_whitespace().all(|name| asked.contains(&name)), "{asked:?}");
        assert!(asked.iter().all(|name| NAMES.split_ascii_whitespace().any(|known| known == *name)), "{asked:?}");
        assert_eq!(of_policy, Policy::names().collect::<Vec<_>>());
    }

    #[test]
    fn given_options_replace_the_defaults() {
        let options = read(
            &[
                ("renewBeforeMs", "a number", "", 90_000.0),
                ("retryOnRejection", "a boolean", "", 0.0),
                ("renewInBackground", "a boolean", "", 1.0),
                ("onStoreDown", "a string", "generate", 0.0),
                ("timeoutMs", "a number", "", 5_000.0),
                ("retries", "a number", "", 0.0),
            ],
            &[("minRemainingMs", "a number", "", 7.0)],
        )
        .unwrap();
        assert_eq!((options.policy.renew_before, options.policy.renew_before_is_given), (Millis(90_000), true));
        assert!(!options.retries_on_rejection && options.renews_in_background);
        assert_eq!(options.policy.on_store_down, OnStoreDown::Generate);
        assert_eq!((options.policy.min_remaining, options.policy.timeout), (Millis(7), Millis(5_000)));
        // A crashed holder's lease of 10 s, and one attempt with its longest pause.
        assert_eq!(options.policy.deadline, Millis(20_000));
        assert!(!read(&[], &[("renewBeforeMs", "a number", "", 90_000.0)]).unwrap().policy.renew_before_is_given);
    }

    #[test]
    fn a_late_renewal_moves_what_depends_on_it() {
        for (given, must_wait, floor) in [(60_000, 54_000, 10_000), (5_000, 4_500, 4_500), (0, 0, 0)] {
            let options = read(&[("renewBeforeMs", "a number", "", f64::from(given))], &[]).unwrap();
            assert_eq!(
                (options.policy.blocking_window, options.policy.min_remaining),
                (Millis(must_wait), Millis(floor)),
                "{given}"
            );
        }
        let given = ("blockingWindowMs", "a number", "", 60_000.0);
        assert!(read(&[("renewBeforeMs", "a number", "", 60_000.0)], &[given]).is_err());
    }

    #[test]
    fn what_is_sealed_can_be_opened() {
        let [seal, open] = ["seal", "open"].map(|name| (name, "a function", "", 0.0));
        assert_eq!(read(&[seal], &[]).unwrap_err(), "open: expected a function beside seal, found undefined");
        assert!(read(&[seal, open], &[]).is_ok() && read(&[open], &[]).is_ok());
    }

    #[test]
    fn credentials_come_from_one_place() {
        let function = ("credentials", "a function", "", 0.0);
        assert!(read(&[function], &[]).unwrap().credentials.is_none());
        for name in ["consumerKey", "consumerSecret"] {
            assert_eq!(
                read(&[function, (name, "a string", "x", 0.0)], &[]).unwrap_err(),
                "credentials: expected nothing beside consumerKey and consumerSecret, found a function"
            );
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (name, expected) in [
            ("credentials", "a function"),
            ("renewBeforeMs", "a number"),
            ("onStoreDown", "a string"),
            ("renewInBackground", "a boolean"),
            ("retryOnRejection", "a boolean"),
        ]
        .iter()
        .chain(&KINDS)
        {
            let message = read(&[(name, "null", "", 0.0)], &[]).unwrap_err();
            assert_eq!(message, format!("{name}: expected {expected}, found null"));
        }
        assert_eq!(
            read(&[("onStoreDown", "a string", "panic", 0.0)], &[]).unwrap_err(),
            "onStoreDown: expected \"fail\" or \"generate\", found another string"
        );
        assert_eq!(
            read(&[], &[("minRemainingMs", "a number", "", 0.5)]).unwrap_err(),
            "minRemainingMs: expected a whole number from 0 to 2147483647, found another number"
        );
    }
}
