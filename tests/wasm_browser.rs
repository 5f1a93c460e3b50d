//! The boundary in a browser; wasm.rs has the same in Node.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod boundary;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
