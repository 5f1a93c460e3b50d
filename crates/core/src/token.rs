//! What a successful exchange gives.

use alloc::string::String;
use core::fmt;

use crate::error::{Code, Error, Result};
use crate::time::{EpochMillis, Millis};

/// What Daraja granted: an access token and how long it said that it lives.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token, in the alphabet of RFC 6750.
    pub access_token: String,
    /// Its lifetime in seconds, 1 to 86,400.
    pub expires_in: u32,
}

impl Grant {
    /// The token that was granted to a request sent at that instant.
    ///
    /// The lifetime is counted from the sending, not from the answer, so that it errs on the early side.
    #[must_use]
    pub fn sent_at(self, sent: EpochMillis) -> Token {
        let expires_at = sent.after(Millis(u64::from(self.expires_in) * 1000));
        Token { access_token: self.access_token, expires_in: self.expires_in, expires_at }
    }
}

/// An access token and its end.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub access_token: String,
    /// The lifetime that Daraja stated, in seconds.
    pub expires_in: u32,
    /// When it ends.
    pub expires_at: EpochMillis,
}

impl Token {
    /// The token, if it has not ended by now.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedResponse`]: an answer that took longer than its token lives brings no token.
    pub fn alive_at(self, now: EpochMillis) -> Result<Self> {
        if self.expires_at > now {
            return Ok(self);
        }
        Err(Error::new(
            Code::MalformedResponse,
            &["Expected a token from Daraja, found one that had expired when it arrived"],
            "The answer took longer than its token lives, or the clock jumped.",
        ))
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grant([redacted], {} s)", self.expires_in)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token([redacted], until {})", self.expires_at.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        Grant { access_token: "canary".into(), expires_in: 3599 }
    }

    #[test]
    fn the_lifetime_counts_from_the_sending() {
        let token = grant().sent_at(EpochMillis(1_000));
        assert_eq!(token.expires_at, EpochMillis(3_600_000));
    }

    #[test]
    fn a_token_that_has_expired_is_not_handed_out() {
        let token = grant().sent_at(EpochMillis(1_000));
        assert_eq!(token.clone().alive_at(EpochMillis(3_599_999)), Ok(token.clone()));
        let error = token.alive_at(EpochMillis(3_600_000)).unwrap_err();
        assert_eq!(error.code, Code::MalformedResponse);
        assert_eq!(error.message, "Expected a token from Daraja, found one that had expired when it arrived");
    }

    #[test]
    fn formatting_shows_no_token() {
        assert_eq!(format!("{:?}", grant()), "Grant([redacted], 3599 s)");
        assert_eq!(format!("{:?}", grant().sent_at(EpochMillis(1_000))), "Token([redacted], until 3600000)");
    }
}
