//! How a run fails, as data; what is said of it is for the boundary.

use alloc::boxed::Box;

use crate::error::{Code, Error};
use crate::time::Millis;

/// How a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What failed.
    pub why: Why,
    /// The code of the error.
    pub code: Code,
    /// How long trying again is of no use.
    pub retry_after: Option<Millis>,
    /// How many requests were sent.
    pub attempts: u32,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// An attempt; the driver has its error.
    Attempt,
    /// The manager was closed.
    Closed,
    /// The deadline came first.
    Late,
    /// The endpoint refused the token before this one as well. What the API itself says, says more.
    RefusedAgain,
    /// Too many tokens were refused.
    Exhausted,
    /// The store does not answer.
    StoreUnavailable,
    /// What is in the store is no record, or one of another schema.
    Unreadable,
    /// Tokens had ended before anybody could use them.
    DeadOnArrival,
    /// Daraja could not serve another instance a moment ago.
    Quiet,
}

impl Failure {
    /// An attempt that brought no token.
    pub const fn attempt(code: Code, retry_after: Option<Millis>) -> Self {
        Self { why: Why::Attempt, code, retry_after, attempts: 0 }
    }

    /// The same, of what may be tried again after a while.
    pub(super) const fn after(self, wait: Millis) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The error, for whoever waits.
    pub fn error(self) -> Box<Error> {
        let (message, hint) = match self.why {
            Why::Attempt => ("", ""),
            Why::Closed => ("The TokenManager was closed", "Make another one, or close it later."),
            Why::Late => (
                "No token within the deadline",
                "This instance or another one is, or was, asking Daraja for one. If it crashed, its lease runs out. Try again.",
            ),
            Why::RefusedAgain => (
                "The endpoint refuses fresh tokens",
                "Most likely the app lacks the API's product. The token was kept, for the others.",
            ),
            Why::Exhausted => (
                "Fresh tokens are refused again and again",
                "Most likely something else generates tokens with this consumer key, and each token ends the one before \
                 it: another server or serverless instance, a worker thread, or a second TokenManager with a fetch, now \
                 or store of its own. Give all of them one store, or an app each.",
            ),
            Why::StoreUnavailable => (
                "The store failed, and no usable token is known",
                "The cause says more. Generating a token without it would kill the token of the others.",
            ),
            Why::Unreadable => (
                "Expected a record of schema 1 in the store, found something else",
                "Another version or program wrote it. It was left as it is.",
            ),
            Why::DeadOnArrival => (
                "Fresh tokens end before they can be used",
                "Most likely this machine's clock, the store's, or the option now jumps. Correct it.",
            ),
            Why::Quiet => (
                "Daraja could not grant another instance a token just now",
                "The instances take turns while Daraja has trouble. Try again after retryAfterMs.",
            ),
        };
        let mut error = Error::new(self.code, &[message], hint);
        error.retry_after = self.retry_after;
        error.attempts = self.attempts;
        error
    }
}

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        let code = match why {
            Why::Closed => Code::Closed,
            Why::Late => Code::Timeout,
            Why::RefusedAgain | Why::Exhausted => Code::TokenRejected,
            Why::StoreUnavailable | Why::Unreadable => Code::StoreUnavailable,
            Why::DeadOnArrival => Code::MalformedResponse,
            Why::Quiet | Why::Attempt => Code::Unavailable,
        };
        Self { why, code, retry_after: None, attempts: 0 }
    }
}
