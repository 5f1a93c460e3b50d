//! One exchange of credentials for a token, as two pure functions: [`request()`] builds the request, [`classify()`]
//! reads the response.
//!
//! ```text
//!   Credentials, Endpoint ──► request() ──► fetch ──► Response ──► classify() ──► Token | Error
//! ```
//!
//! Neither function has a clock, a socket or a promise. A driver sends what the first one returns, and hands the
//! response to the second one:
//!
//! ```
//! use daraja_auth_core::credentials::Credentials;
//! use daraja_auth_core::endpoint::Endpoint;
//! use daraja_auth_core::exchange::{Field, Response, classify, request};
//! use daraja_auth_core::time::EpochMillis;
//!
//! let credentials = Credentials::new(String::from("key").into(), String::from("secret").into())?;
//! let request = request(&credentials, &Endpoint::new(Some("sandbox"), None, None)?);
//! assert_eq!(*request.authorization, "Basic a2V5OnNlY3JldA==");
//!
//! let response = Response {
//!     status: 200,
//!     json: Some(&|path| match path {
//!         "access_token" => Field::Text("c9SQxWWhmdVRlyh0zh8gZDTkubVF".into()),
//!         "expires_in" => Field::Text("3599".into()),
//!         _ => Field::Absent,
//!     }),
//!     sent: EpochMillis(1_000),
//!     ..Response::default()
//! };
//! assert_eq!(classify(&response, &credentials.secrets())?.expires_at, EpochMillis(3_600_000));
//! # Ok::<(), Box<daraja_auth_core::error::Error>>(())
//! ```

mod attempt;
mod classify;
mod failure;
mod grant;
mod rejection;
mod request;
mod response;

pub use attempt::AttemptEnd;
pub use classify::classify;
pub use rejection::{is_from_behind_the_gateway, is_token_rejection};
pub use request::{Request, USER_AGENT, request};
pub use response::{BodyKind, Field, Json, Response};

/// A driver does not read a body that is longer than this to its end. The body with a token has under 100 bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
