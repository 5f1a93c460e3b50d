//! The result of a successful exchange.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::error::{Code, Error, Result};
use crate::time::{EpochMillis, Millis};

/// The text of an access token. It is cheap to clone, and its Debug shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessToken(Arc<str>);

impl AccessToken {
    /// The text that follows `Bearer`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an Authorization header can carry it. Only a b64token of [RFC 6750] may follow `Bearer`.
    ///
    /// [RFC 6750]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    pub fn is_valid(&self) -> bool {
        let body = self.0.trim_end_matches('=');
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        !body.is_empty() && body.bytes().all(allowed)
    }
}

impl From<String> for AccessToken {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for AccessToken {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for AccessToken {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for AccessToken {
    fn eq(&self, text: &str) -> bool {
        *self.0 == *text
    }
}

impl PartialEq<&str> for AccessToken {
    fn eq(&self, text: &&str) -> bool {
        *self.0 == **text
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Daraja's grant: an access token and its lifetime.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token, in the alphabet of RFC 6750.
    pub access_token: AccessToken,
    /// Its lifetime in seconds, 1 to 86,400.
    pub expires_in: u32,
}

impl Grant {
    /// The token that was granted to a request sent at that instant.
    ///
    /// The lifetime counts from the request, not from the answer. So the token does not end later here than at Daraja.
    pub fn sent_at(self, sent: EpochMillis) -> Token {
        let expires_at = sent.after(Millis::from_secs(self.expires_in));
        Token { access_token: self.access_token, expires_in: self.expires_in, expires_at }
    }
}

/// An access token and its end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token {
    /// The token.
    pub access_token: AccessToken,
    /// The lifetime in seconds. It is 3,599 if Daraja states none.
    pub expires_in: u32,
    /// When it ends.
    pub expires_at: EpochMillis,
}

impl Token {
    /// The token, if it has not ended by now.
    ///
    /// # Errors
    ///
    /// [`Code::MalformedResponse`], if the token ended before the answer arrived.
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
    fn the_lifetime_counts_from_the_request() {
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
    fn debug_output_shows_no_token() {
        assert_eq!(format!("{:?}", grant()), "Grant([redacted], 3599 s)");
        assert_eq!(format!("{:?}", grant().sent_at(EpochMillis(1_000))), "Token([redacted], until 3600000)");
    }
}
