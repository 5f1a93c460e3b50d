//! Access tokens for Safaricom's Daraja (M-PESA) API.
//!
//! This crate is the core of the npm package `daraja-auth`; the README is for its users, this page for its readers.
//!
//! The core is pure: it has no clock, no randomness, no IO, and names no JavaScript.
//! Instants, random numbers and answers are arguments; requests and waits are returned as data.
//!
//! ```text
//!   options ─► credentials ─┬─► exchange::request ─► (fetch) ─► exchange::judge ─► token
//!              endpoint ────┘                                        │
//!                                   retry ◄── error ◄────────────────┘
//! ```
//!
//! The crate has no standard library, so that the compiler refuses a core that reaches for the machine.

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
