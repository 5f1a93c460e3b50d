//! The boundary between `daraja_auth_core` and JavaScript: the WebAssembly module of the npm package `daraja-auth`.
//!
//! It converts values and reports what happened; `crates/core` decides.
//! The crate is for wasm32 and empty for any other target.
//!
//! The published module has no standard library, because that would bring formatted panic messages. The tests have it.

#![cfg(target_arch = "wasm32")]
#![cfg_attr(not(test), no_std)]

extern crate alloc;

#[cfg(not(test))]
mod allocator;
mod effect;
mod error;
mod generate_token;
mod http;
mod manager;
mod manager_options;
mod number;
mod object;
mod options;
mod record;
#[cfg(test)]
mod tests;
