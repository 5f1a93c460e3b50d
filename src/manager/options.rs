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

/// The kinds of those that only JavaScript can use, and of the switches.
const KINDS: [(&str, &str); 9] = [
    ("fetch", "a function"),
    ("onEvent", "a function"),
    ("seal", "a function"),
    ("open", "a function"),
    ("now", "a function"),
    ("store", "an object"),
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
