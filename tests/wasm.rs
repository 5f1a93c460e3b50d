//! The boundary in Node; wasm_browser.rs has the same in a browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod boundary;
