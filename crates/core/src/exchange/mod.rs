//! One exchange of credentials for a token, as two pure functions: build the [`request()`], [`judge()`] the answer.
//!
//! ```text
//!   Credentials, Endpoint ──► request() ──► fetch ──► Answer ──► judge() ──► Grant | Error
//! ```
//!
//! Neither function has a clock, a socket or a promise. Whoever drives them sends what the one returns and hands
//! what came back to the other:
//!
//! ```
//! use daraja_auth_core::credentials::Credentials;
//! use daraja_auth_core::endpoint::Endpoint;
//! use daraja_auth_core::exchange::{Answer, Field, judge, request};
//! use daraja_auth_core::time::EpochMillis;
//!
//! let credentials = Credentials::new(String::from("key").into(), String::from("secret").into())?;
//! let request = request(&credentials, &Endpoint::new("sandbox", "", "")?);
//! assert_eq!(*request.authorization, "Basic a2V5OnNlY3JldA==");
//!
//! let answer = Answer {
//!     status: 200,
//!     json: Some(&|path| match path {
//!         "access_token" => Field::Text("c9SQxWWhmdVRlyh0zh8gZDTkubVF".into()),
//!         "expires_in" => Field::Text("3599".into()),
//!         _ => Field::Absent,
//!     }),
//!     sent: EpochMillis(1_000),
//!     ..Answer::default()
//! };
//! assert_eq!(judge(&answer, &credentials.secrets())?.expires_at, EpochMillis(3_600_000));
//! # Ok::<(), Box<daraja_auth_core::error::Error>>(())
//! ```

mod answer;
mod grant;
mod judge;
mod refusal;
mod rejection;
mod request;

use crate::credentials::Secrets;
use crate::error::{Error, Result};
use crate::time::Millis;
use crate::token::Token;
pub use answer::{Answer, Field, Json};
pub use judge::judge;
pub use rejection::{is_beyond_the_gateway, is_token_rejection};
pub use request::{Request, USER_AGENT, request};

/// Judges how an attempt ended: with an answer, or with what broke first, which `what` says in words.
///
/// # Errors
///
/// [`judge()`]'s; [`Code::Timeout`] for `timeout`, and [`Code::Network`] for anything else but an empty text.
///
/// [`Code::Timeout`]: crate::error::Code::Timeout
/// [`Code::Network`]: crate::error::Code::Network
pub fn outcome(what: &str, limit: Millis, answer: &Answer<'_>, secrets: &Secrets) -> Result<Token> {
    match what {
        "" => judge(answer, secrets),
        "timeout" => Err(Error::timeout(limit)),
        _ => Err(Error::network(what)),
    }
}

/// More of a body than this is never read. A token's answer has under 100 bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
