//! The manager's own errors; those of an exchange come from [`crate::exchange`].

use alloc::boxed::Box;

use crate::error::{Code, Error};
use crate::time::Millis;

fn after(wait: Millis, mut error: Box<Error>) -> Box<Error> {
    error.retry_after = Some(wait);
    error
}

/// A call to a manager that was closed.
pub(super) fn closed() -> Box<Error> {
    Error::new(Code::Closed, &["The TokenManager was closed"], "Make another one, or close it later.")
}

/// The deadline came while another instance had the lease, or the store refused every write.
pub(super) fn late() -> Box<Error> {
    Error::new(
        Code::Timeout,
        &["No token within the deadline: another instance is generating one, or crashed while it did"],
        "A crashed instance's lease runs out by itself. Try again, or give the call a later deadline.",
    )
}

/// The endpoint refused the token before this one as well.
pub(super) fn refused_again(wait: Millis) -> Box<Error> {
    let hint = "Most likely the app lacks the API's product, or the URL belongs to the other environment. The token works \
                for other endpoints, so it was kept.";
    after(wait, Error::new(Code::TokenRejected, &["The endpoint refuses fresh tokens"], hint))
}

/// Too many tokens were refused.
pub(super) fn exhausted(wait: Millis) -> Box<Error> {
    let hint = "Each token that is generated kills the one before it: most likely somebody else generates tokens with the \
                same consumer key. Let all of them share one store, or give each an app of its own.";
    after(wait, Error::new(Code::TokenRejected, &["Fresh tokens are refused again and again"], hint))
}

/// The store does not answer.
pub(super) fn store_unavailable(wait: Option<Millis>) -> Box<Error> {
    let hint = "Check the store and the network. Generating a token without it would kill the token of the others.";
    let mut error = Error::new(Code::StoreUnavailable, &["The store failed, and no usable token is known"], hint);
    error.retry_after = wait;
    error
}

/// What is in the store is no record, or one of another schema.
pub(super) fn unreadable() -> Box<Error> {
    Error::new(
        Code::StoreUnavailable,
        &["Expected a record of schema 1 in the store, found something else"],
        "Another version of this package, or another program, wrote it. It was left as it is: delete it if nobody needs it.",
    )
}

/// Daraja could not serve another instance a moment ago.
pub(super) fn quiet(wait: Millis) -> Box<Error> {
    let hint =
        "The instances take turns so as not to hammer Daraja while it has trouble. Try again after retryAfterMs.";
    after(wait, Error::new(Code::Unavailable, &["Daraja could not grant another instance a token just now"], hint))
}
