//! A failure as data: a stable code, a sentence, and a hint that says what a person can do.
//!
//! An [`Error`] never holds a secret, an Authorization value or a token.
//! Foreign texts pass [`crate::scrub`] before they become part of one.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::text::decimal;
use crate::time::Millis;

/// The result of the core's functions. The error is boxed, because it is large and rare.
pub type Result<T> = core::result::Result<T, Box<Error>>;

/// The kinds of failure. JavaScript sees [`Code::as_str`] as `error.code`.
///
/// JavaScript has one more, `ERR_DARAJA_INTERNAL`, which js/instance.ts makes when the module fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An option is missing, unknown or invalid. Nothing was sent.
    InvalidOption,
    /// Daraja did not accept the consumer key and secret.
    InvalidCredentials,
    /// Daraja did not accept the grant type.
    InvalidGrantType,
    /// A firewall in front of Daraja answered instead of it.
    Blocked,
    /// Too many requests: 429, spike arrest, quota.
    RateLimited,
    /// Any other 5xx answer: Daraja is down or in maintenance. Or the fleet pauses after a failure of Daraja.
    Unavailable,
    /// Any other answer that is not a success, such as a 404.
    Refused,
    /// An answer that says success but has no usable token.
    MalformedResponse,
    /// A redirect. It is not followed, because the other server would get the credentials.
    Redirect,
    /// No answer or no credentials within the time limit of an attempt, or no token within a caller's deadline.
    Timeout,
    /// No whole response from Daraja, or no credentials, because the caller's function for them failed.
    Network,
    /// An endpoint rejects fresh tokens, or too many tokens were rejected. No further token is generated for a while.
    TokenRejected,
    /// No usable token is known, and the store failed or holds something that is not a record.
    StoreUnavailable,
    /// The manager was closed.
    Closed,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 14] = [
        Self::InvalidOption,
        Self::InvalidCredentials,
        Self::InvalidGrantType,
        Self::Blocked,
        Self::RateLimited,
        Self::Unavailable,
        Self::Refused,
        Self::MalformedResponse,
        Self::Redirect,
        Self::Timeout,
        Self::Network,
        Self::TokenRejected,
        Self::StoreUnavailable,
        Self::Closed,
    ];

    /// The code as users compare it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidOption => "ERR_DARAJA_INVALID_OPTION",
            Self::InvalidCredentials => "ERR_DARAJA_INVALID_CREDENTIALS",
            Self::InvalidGrantType => "ERR_DARAJA_INVALID_GRANT_TYPE",
            Self::Blocked => "ERR_DARAJA_BLOCKED",
            Self::RateLimited => "ERR_DARAJA_RATE_LIMITED",
            Self::Unavailable => "ERR_DARAJA_UNAVAILABLE",
            Self::Refused => "ERR_DARAJA_REFUSED",
            Self::MalformedResponse => "ERR_DARAJA_MALFORMED_RESPONSE",
            Self::Redirect => "ERR_DARAJA_REDIRECT",
            Self::Timeout => "ERR_DARAJA_TIMEOUT",
            Self::Network => "ERR_DARAJA_NETWORK",
            Self::TokenRejected => "ERR_DARAJA_TOKEN_REJECTED",
            Self::StoreUnavailable => "ERR_DARAJA_STORE_UNAVAILABLE",
            Self::Closed => "ERR_DARAJA_CLOSED",
        }
    }

    /// Whether the same request may succeed later with nothing changed.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Timeout | Self::Network | Self::StoreUnavailable)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the code of a failure that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> core::result::Result<Self, UnknownCode> {
        Self::ALL.into_iter().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected the code of a failure, such as ERR_DARAJA_TIMEOUT, found another text")
    }
}

impl core::error::Error for UnknownCode {}

/// A failure, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of failure.
    pub code: Code,
    /// What happened, in one sentence.
    pub message: String,
    /// The cause and the remedy, for a person.
    pub hint: &'static str,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// Daraja's own error code, such as `400.008.01`.
    pub error_code: Option<String>,
    /// Daraja's identifier of the request. Daraja's support asks for it.
    pub request_id: Option<String>,
    /// The firewall's identifier of the blocked request.
    pub incident_id: Option<String>,
    /// The wait after which a caller may try again, if the server or the manager states one.
    pub retry_after: Option<Millis>,
    /// How many attempts were made.
    pub attempts: u32,
}

impl Error {
    /// An error with a code, a sentence (the joined parts) and a hint, without other fields.
    pub fn new(code: Code, message: &[&str], hint: &'static str) -> Box<Self> {
        Box::new(Self {
            code,
            message: message.concat(),
            hint,
            status: None,
            error_code: None,
            request_id: None,
            incident_id: None,
            retry_after: None,
            attempts: 0,
        })
    }

    /// The error of an attempt that was given up after `limit`.
    pub fn timeout(limit: Millis) -> Box<Self> {
        Self::new(
            Code::Timeout,
            &["Daraja did not answer within ", &decimal(limit.0), " ms"],
            "Daraja may still replace the token. Try again, or raise timeoutMs.",
        )
    }

    /// The error of an attempt without a whole response. `what` completes the sentence.
    pub fn network(what: &str) -> Box<Self> {
        Self::new(
            Code::Network,
            &["No answer from Daraja: ", what],
            "Check network, DNS, proxy and TLS; error.cause has what fetch said.",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_as_it_is_written() {
        for code in Code::ALL {
            assert_eq!(format!("{code}").parse(), Ok(code));
        }
        assert_eq!("ERR_DARAJA_INTERNAL".parse::<Code>(), Err(UnknownCode));
    }

    #[test]
    fn only_failures_that_may_pass_by_themselves_are_retryable() {
        let retryable = [Code::RateLimited, Code::Unavailable, Code::Timeout, Code::Network, Code::StoreUnavailable];
        let final_ones = [
            Code::InvalidOption,
            Code::InvalidCredentials,
            Code::InvalidGrantType,
            Code::Blocked,
            Code::Refused,
            Code::MalformedResponse,
            Code::Redirect,
            Code::TokenRejected,
            Code::Closed,
        ];
        assert!(retryable.iter().all(|code| code.is_retryable()));
        assert!(!final_ones.iter().any(|code| code.is_retryable()));
    }

    #[test]
    fn a_timeout_names_its_limit() {
        let error = Error::timeout(Millis(10_000));
        assert_eq!(error.code.as_str(), "ERR_DARAJA_TIMEOUT");
        assert_eq!(error.message, "Daraja did not answer within 10000 ms");
    }

    #[test]
    fn a_network_failure_says_what_fetch_did() {
        let error = Error::network("fetch gave no Response");
        assert_eq!(error.code.as_str(), "ERR_DARAJA_NETWORK");
        assert_eq!(format!("{error}"), "No answer from Daraja: fetch gave no Response");
    }
}
