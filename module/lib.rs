//! The WebAssembly modules: what `daraja_auth::wasm` gives to JavaScript, by the features `package` and `simulator`.

#![no_std]

#[cfg(target_arch = "wasm32")]
pub use daraja_auth::wasm;
