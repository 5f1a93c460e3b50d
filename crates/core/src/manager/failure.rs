//! How an acquisition fails, as data, and the error for its callers.

use alloc::boxed::Box;

use crate::error::{Code, Error};
use crate::time::Millis;

/// How an acquisition failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What failed.
    pub kind: FailureKind,
    /// The code of the error.
    pub code: Code,
    /// The wait after which a caller may try again.
    pub retry_after: Option<Millis>,
    /// How many attempts have failed. Zero if no attempt of this acquisition is the reason.
    pub attempts: u32,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// An attempt. The driver has its error.
    Attempt,
    /// The manager was closed.
    Closed,
    /// There was no token before the deadline.
    Late,
    /// The endpoint also rejected the token before this one, or Daraja granted the rejected token once more. The
    /// endpoint's own error says more.
    RejectedAgain,
    /// Too many tokens were rejected.
    Exhausted,
    /// The store failed.
    StoreUnavailable,
    /// The store holds something that is not a record, or a record of another schema.
    Unreadable,
    /// Tokens had ended before they could be used.
    DeadOnArrival,
    /// Daraja has just failed a member, so the whole fleet does not ask it for a while.
    Cooldown,
}

impl Failure {
    /// An attempt that brought no token.
    pub const fn attempt(code: Code, retry_after: Option<Millis>) -> Self {
        Self { kind: FailureKind::Attempt, code, retry_after, attempts: 0 }
    }

    /// The same, with a wait after which a caller may try again.
    pub(super) const fn after(self, wait: Millis) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The error for the callers.
    pub fn error(self) -> Box<Error> {
        let (message, hint) = match self.kind {
            FailureKind::Attempt => ("", ""),
            FailureKind::Closed => ("The TokenManager was closed", "Make another one, or close it later."),
            FailureKind::Late => {
                ("No token within the deadline", "Another instance may be asking Daraja now. Try again.")
            }
            FailureKind::RejectedAgain => (
                "The endpoint rejects fresh tokens",
                "The app probably lacks the API's product, or has its other version (v1 or v2). The token was kept.",
            ),
            FailureKind::Exhausted => (
                "Fresh tokens are rejected again and again",
                "Another program probably generates tokens with this consumer key, and each token ends the one before it. \
                 It may be a server, a worker thread, or a TokenManager with a fetch, now or store of its own. Give all \
                 of them one store, or an app each.",
            ),
            FailureKind::StoreUnavailable => (
                "The store failed, and no usable token is known",
                "Check the store; the cause says more. A token generated without it would end the others' token.",
            ),
            FailureKind::Unreadable => (
                "Expected a record of schema 1 in the store, found something else",
                "Another version or program wrote it. Use the version that wrote it.",
            ),
            FailureKind::DeadOnArrival => (
                "Fresh tokens end before they can be used",
                "Correct this machine's clock, the store's, or the option now.",
            ),
            FailureKind::Cooldown => {
                ("Daraja could not grant another instance a token just now", "Try again after retryAfterMs.")
            }
        };
        let mut error = Error::new(self.code, &[message], hint);
        error.retry_after = self.retry_after;
        error.attempts = self.attempts;
        error
    }
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        let code = match kind {
            FailureKind::Closed => Code::Closed,
            FailureKind::Late => Code::Timeout,
            FailureKind::RejectedAgain | FailureKind::Exhausted => Code::TokenRejected,
            FailureKind::StoreUnavailable | FailureKind::Unreadable => Code::StoreUnavailable,
            FailureKind::DeadOnArrival => Code::MalformedResponse,
            FailureKind::Cooldown | FailureKind::Attempt => Code::Unavailable,
        };
        Self { kind, code, retry_after: None, attempts: 0 }
    }
}
