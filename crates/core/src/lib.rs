//! Access tokens for Safaricom's Daraja (M-PESA) API, without IO.
//!
//! This crate is the core of the npm package `daraja-auth`, and serves Rust programs as well.
//! It has no clock, no randomness and no sockets. Instants, random numbers and answers are arguments. Requests and
//! waits are returned as data. The crate is `no_std`, so the compiler rejects code that uses the machine.
//!
//! # In scope
//!
//! - One exchange of a consumer key and secret for a token: [`exchange`] builds the request and classifies the
//!   response, of which Daraja has many kinds.
//! - When to ask again after a failure: [`retry`].
//! - One live token for a process or a fleet, by one record under compare-and-swap: [`manager`], whose page has the
//!   protocol.
//! - Errors that name the cause and the remedy and show no secret: [`error`], [`scrub`].
//!
//! # Out of scope
//!
//! - Sending requests, parsing JSON, timers and stores. Each driver has its own.
//! - Daraja's business APIs, such as STK Push. Only their rejections of a token are known
//!   ([`exchange::is_token_rejection`]).
//! - Caching in [`exchange`]. Each call gets one token, and invalidates the previous one.
//!
//! # Overview
//!
//! ```text
//!   options ─► credentials ─┬─► exchange::request ─► (fetch) ─► exchange::classify ─► token
//!              endpoint ────┘                                        │
//!                                   retry ◄── error ◄────────────────┘
//! ```
//!
//! # Example
//!
//! `examples/token.rs` does this with ureq. A driver sends the request and says what came back:
//!
//! ```
//! use daraja_auth_core::credentials::Credentials;
//! use daraja_auth_core::endpoint::Endpoint;
//! use daraja_auth_core::exchange::{Field, Response, classify, request};
//! use daraja_auth_core::time::EpochMillis;
//!
//! let credentials = Credentials::new(String::from("key").into(), String::from("secret").into())?;
//! let request = request(&credentials, &Endpoint::new(Some("sandbox"), None, None)?);
//! assert!(request.url.starts_with("https://sandbox.safaricom.co.ke/oauth/v1/generate?"));
//!
//! // Send it with the header `Authorization: {request.authorization}`. Daraja answers
//! // {"access_token": "c9SQ…", "expires_in": "3599"}, which any JSON parser reads.
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
//! let token = classify(&response, &credentials.secrets())?;
//! assert_eq!((token.expires_in, token.expires_at), (3599, EpochMillis(3_600_000)));
//! assert!(token.access_token == "c9SQxWWhmdVRlyh0zh8gZDTkubVF");
//! # Ok::<(), Box<daraja_auth_core::error::Error>>(())
//! ```

#![no_std]

extern crate alloc;
#[cfg(test)]
#[macro_use]
extern crate std;

pub mod credentials;
pub mod endpoint;
pub mod error;
pub mod exchange;
pub mod manager;
pub mod options;
pub mod retry;
pub mod scrub;
pub mod text;
pub mod time;
pub mod token;
