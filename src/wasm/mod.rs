//! The boundaries to JavaScript, one for each module: they convert, await and report, and decide nothing.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
pub mod http;
#[cfg(feature = "client")]
pub mod manager;
#[cfg(feature = "client")]
mod options;
#[cfg(feature = "simulator")]
pub mod simulator;
