//! The boundary in Node. NODE_PATH must name pkg/raw, where `npm run build` puts the functions that the module imports.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod boundary;
