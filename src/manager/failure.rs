//! The manager's own errors; those of an exchange come from [`crate::exchange`].

use alloc::boxed::Box;

use crate::error::{Code, Error};
use crate::time::Millis;

/// A call to a manager that was closed.
#[must_use]
pub fn closed() -> Box<Error> {
    Error::new(Code::Closed, &["The TokenManager was closed"], "Make another one, or close it later.")
}

/// The deadline came first.
#[must_use]
pub fn late() -> Box<Error> {
    Error::new(
        Code::Timeout,
        &["No token within the deadline"],
        "This instance or another one is, or was, asking Daraja for one. If it crashed, its lease runs out. Try again.",
    )
}

const REFUSED_AGAIN: &str = "The endpoint refuses fresh tokens";

/// Whether it is the endpoint's fault, so that the API's own answer says more.
#[must_use]
pub fn is_of_endpoint(error: &Error) -> bool {
    error.message == REFUSED_AGAIN
}

/// The endpoint refused the token before this one as well.
pub(super) fn refused_again(wait: Millis) -> Box<Error> {
    let hint = "Most likely the app lacks the API's product. The token was kept, for the others.";
    after(wait, Error::new(Code::TokenRejected, &[REFUSED_AGAIN], hint))
}

/// Too many tokens were refused.
pub(super) fn exhausted(wait: Millis) -> Box<Error> {
    let hint = "Most likely somebody else generates tokens with this consumer key, and each kills the one before it. \
                Share one store, or use two apps.";
    after(wait, Error::new(Code::TokenRejected, &["Fresh tokens are refused again and again"], hint))
}

/// The store does not answer.
pub(super) fn store_unavailable() -> Box<Error> {
    let hint = "Check the store. Generating a token without it would kill the token of the others.";
    Error::new(Code::StoreUnavailable, &["The store failed, and no usable token is known"], hint)
}

/// What is in the store is no record, or one of another schema.
pub(super) fn unreadable() -> Box<Error> {
    let message = "Expected a record of schema 1 in the store, found something else";
    Error::new(Code::StoreUnavailable, &[message], "Another version or program wrote it. It was left as it is.")
}

/// Daraja could not serve another instance a moment ago.
pub(super) fn quiet(wait: Millis) -> Box<Error> {
    let hint = "The instances take turns while Daraja has trouble. Try again after retryAfterMs.";
    after(wait, Error::new(Code::Unavailable, &["Daraja could not grant another instance a token just now"], hint))
}

/// The error of what may be tried again after a while.
pub(super) fn after(wait: Millis, mut error: Box<Error>) -> Box<Error> {
    error.retry_after = Some(wait);
    error
}
