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
//! use daraja_auth::credentials::Credentials;
//! use daraja_auth::endpoint::{Endpoint, Environment};
//! use daraja_auth::exchange::{Answer, judge, request};
//! use daraja_auth::time::EpochMillis;
//!
//! let credentials = Credentials::new("key".into(), "secret".into())?;
//! let endpoint = Endpoint::new(Environment::Sandbox, None, None)?;
//! let request = request(&credentials, &endpoint);
//! assert_eq!(request.method, "GET");
//!
//! let answer = Answer {
//!     status: 200,
//!     body: br#"{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}"#,
//!     ..Answer::default()
//! };
//! let grant = judge(&answer, &credentials)?;
//! assert_eq!(grant.sent_at(EpochMillis(0)).expires_at, EpochMillis(3_599_000));
//! # Ok::<(), daraja_auth::error::Error>(())
//! ```

mod grant;
mod judge;
mod refusal;
mod request;

pub use judge::{Answer, judge};
pub use request::{Request, USER_AGENT, request};

/// More of a body than this is never read. A token's answer has under 100 bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
