//! How an attempt ended: with a response, or without one.

use core::fmt;

use crate::credentials::Secrets;
use crate::error::{Error, Result};
use crate::exchange::classify::classify;
use crate::exchange::response::Response;
use crate::time::Millis;
use crate::token::Token;

/// How an attempt ended.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum AttemptEnd<'a> {
    /// The server responded.
    Responded(Response<'a>),
    /// There was no whole response within this time limit.
    TimedOut(Millis),
    /// The request was not sent.
    NotSent,
    /// `fetch` failed.
    FetchFailed,
    /// `fetch` gave something that is not a response.
    NoResponse,
    /// The body could not be read to its end.
    BodyBroke,
}

impl AttemptEnd<'_> {
    /// The outcome in words, as the last part of a sentence.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Responded(_) => "there was a response",
            Self::TimedOut(_) => "there was none in time",
            Self::NotSent => "it could not be asked",
            Self::FetchFailed => "fetch failed",
            Self::NoResponse => "fetch gave no Response",
            Self::BodyBroke => "its body broke off",
        }
    }

    /// Gives the token of the attempt, or its error.
    ///
    /// # Errors
    ///
    /// The errors of [`classify()`], [`Code::Timeout`] after the time limit, and [`Code::Network`] otherwise.
    ///
    /// [`Code::Timeout`]: crate::error::Code::Timeout
    /// [`Code::Network`]: crate::error::Code::Network
    pub fn token(&self, secrets: &Secrets) -> Result<Token> {
        match self {
            Self::Responded(response) => classify(response, secrets),
            Self::TimedOut(limit) => Err(Error::timeout(*limit)),
            _ => Err(Error::network(self.as_str())),
        }
    }
}

impl fmt::Display for AttemptEnd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn an_attempt_without_a_response_says_how_it_ended() {
        let error = |end: AttemptEnd<'_>| end.token(&Secrets::default()).unwrap_err();
        for (end, message) in [
            (AttemptEnd::NotSent, "No answer from Daraja: it could not be asked"),
            (AttemptEnd::FetchFailed, "No answer from Daraja: fetch failed"),
            (AttemptEnd::NoResponse, "No answer from Daraja: fetch gave no Response"),
            (AttemptEnd::BodyBroke, "No answer from Daraja: its body broke off"),
        ] {
            assert_eq!(format!("No answer from Daraja: {end}"), message);
            let error = error(end);
            assert_eq!((error.code, error.message.as_str()), (Code::Network, message));
        }
        assert_eq!(error(AttemptEnd::TimedOut(Millis(7))).message, "Daraja did not answer within 7 ms");
        assert_eq!(error(AttemptEnd::Responded(Response::default())).code, Code::MalformedResponse);
    }
}
