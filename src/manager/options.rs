//! The options of `TokenManager`, judged once, in its constructor.

use alloc::boxed::Box;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::manager::policy::{OnStoreDown, Policy};
use crate::options::{Find, MAX_MS, credential, ill_typed, mistyped, optional, timing, whole_number};

/// Every option of `TokenManager` but those of `policy`, which are [`Policy::NAMES`].
pub const NAMES: &str = "consumerKey consumerSecret credentials environment baseUrl path fetch timeoutMs retries store \
    renewBeforeMs renewInBackground retryOnRejection onStoreDown onEvent seal open now policy";

/// Every member of `policy`: [`Policy::NAMES`] in one text.
pub const POLICY_NAMES: &str = "renewBeforeMs mustWaitMs floorMs lookUpMs drainMs rotationWaitMs firstPauseMs \
    longestPauseMs timeoutMs leaseMarginMs deadlineMs storeTimeoutMs storePatienceMs clockToleranceMs budgetRefillMs \
    refusalGapMs longestRefusalGapMs failureGapMs longestFailureGapMs refusedGapMs longestRefusedGapMs longestWaitMs \
    contentionWindowMs keepRecordMs budget";

/// The kinds of those that only JavaScript can use, and of the switches. What a store can do, JavaScript looks at.
const KINDS: [(&str, &str); 8] = [
    ("fetch", "a function"),
    ("onEvent", "a function"),
    ("seal", "a function"),
    ("open", "a function"),
    ("now", "a function"),
    ("policy", "an object"),
    ("renewInBackground", "a boolean"),
    ("retryOnRejection", "a boolean"),
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
    pub fn read(find: &mut Find<'_>, find_policy: &mut Find<'_>) -> Result<Self> {
        let credentials = if optional("credentials", "a function", find)?.kind == "undefined" {
            Some(Credentials::new(credential("consumerKey", find)?, credential("consumerSecret", find)?)?)
        } else if find("consumerKey").kind == "undefined" && find("consumerSecret").kind == "undefined" {
            None
        } else {
            return Err(twice());
        };
        let endpoint = Endpoint::read(find)?;
        for (name, kind) in KINDS {
            optional(name, kind, find)?;
        }
        let (timeout, retry) = timing(find)?;
        let mut policy = Policy::DEFAULT.with("timeoutMs", timeout.0);
        policy.retry = retry;
        if let Some(ms) = whole_number("renewBeforeMs", 0, MAX_MS, find)? {
            policy = policy.with("renewBeforeMs", ms.into());
            policy.renew_before_is_given = true;
        }
        let on_store_down = optional("onStoreDown", "a string", find)?;
        policy.on_store_down = match on_store_down.text.as_str() {
            "" | "fail" => OnStoreDown::Fail,
            "generate" => OnStoreDown::Generate,
            _ => return Err(mistyped("onStoreDown", "\"fail\" or \"generate\"", "another string")),
        };
        let deadline = policy.derived_deadline().0;
        policy = policy.with("deadlineMs", deadline);
        for name in Policy::NAMES {
            if let Some(number) = whole_number(name, 0, MAX_MS, find_policy)? {
                policy = policy.with(name, number.into());
            }
        }
        Ok(Self {
            credentials,
            endpoint,
            policy: policy.checked()?,
            renews_in_background: find("renewInBackground").number != 0.0,
            retries_on_rejection: {
                let found = find("retryOnRejection");
                found.kind == "undefined" || found.number != 0.0
            },
        })
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
        assert_eq!(of_policy, Policy::NAMES);
        assert_eq!(POLICY_NAMES.split_ascii_whitespace().collect::<Vec<_>>(), Policy::NAMES);
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
            &[("floorMs", "a number", "", 7.0)],
        )
        .unwrap();
        assert_eq!((options.policy.renew_before(), options.policy.renew_before_is_given), (Millis(90_000), true));
        assert!(!options.retries_on_rejection && options.renews_in_background);
        assert_eq!(options.policy.on_store_down, OnStoreDown::Generate);
        assert_eq!((options.policy.floor(), options.policy.timeout()), (Millis(7), Millis(5_000)));
        // A crashed holder's lease of 10 s, and one attempt with its longest pause.
        assert_eq!(options.policy.deadline(), Millis(20_000));
        assert!(!read(&[], &[("renewBeforeMs", "a number", "", 90_000.0)]).unwrap().policy.renew_before_is_given);
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
        for (name, expected) in
            [("credentials", "a function"), ("renewBeforeMs", "a number"), ("onStoreDown", "a string")]
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
            read(&[], &[("floorMs", "a number", "", 0.5)]).unwrap_err(),
            "floorMs: expected a whole number from 0 to 2147483647, found another number"
        );
    }
}
