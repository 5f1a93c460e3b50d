//! The boundary of the simulator's module.
//!
//! Its functions keep nothing: the state is an argument and a result. So the state is a JavaScript value. It is
//! garbage-collected with its `Simulator`, and a trap of the module does not lose it.
//!
//! The crate is for wasm32 and empty for any other target.

#![cfg(target_arch = "wasm32")]

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;

use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::time::EpochMillis;
use daraja_auth_simulator::{Fault, Options, Request, Response, Simulation, StkResult, unreadable};

/// The result of [`answer`].
#[derive(Serialize)]
struct Answered {
    state: Simulation,
    response: Response,
}

/// The state of a Daraja that has issued no token yet.
#[wasm_bindgen(skip_typescript)]
pub fn start(options: JsValue) -> core::result::Result<JsValue, JsValue> {
    let options = plain("options", options).and_then(Options::try_from).map_err(|error| thrown(&error))?;
    to_js(&Simulation::new(options))
}

/// Answers a request: gives the state after it, and the response.
#[wasm_bindgen(skip_typescript)]
pub fn answer(state: JsValue, now: f64, request: JsValue) -> core::result::Result<JsValue, JsValue> {
    let mut state: Simulation = from_js(state)?;
    let request: Request = from_js(request)?;
    let response = state.answer(EpochMillis(now as u64), &request);
    to_js(&Answered { state, response })
}

/// The state with another fault.
#[wasm_bindgen(skip_typescript)]
pub fn inject(state: JsValue, fault: JsValue) -> core::result::Result<JsValue, JsValue> {
    let fault = plain("fault", fault).and_then(Fault::try_from).map_err(|error| thrown(&error))?;
    let mut state: Simulation = from_js(state)?;
    state.inject(fault);
    to_js(&state)
}

/// The state without faults.
#[wasm_bindgen(js_name = clearFaults, skip_typescript)]
pub fn clear_faults(state: JsValue) -> core::result::Result<JsValue, JsValue> {
    let mut state: Simulation = from_js(state)?;
    state.clear_faults();
    to_js(&state)
}

/// The state with another result for the STK pushes from now on.
#[wasm_bindgen(js_name = setStkResult, skip_typescript)]
pub fn set_stk_result(state: JsValue, result: JsValue) -> core::result::Result<JsValue, JsValue> {
    let result = plain("result", result).and_then(StkResult::try_from).map_err(|error| thrown(&error))?;
    let mut state: Simulation = from_js(state)?;
    state.set_stk_result(result);
    to_js(&state)
}

/// A user's value as plain data. With plain data serde finds unknown members: serde_wasm_bindgen alone reads only the
/// members that it knows.
fn plain(name: &str, value: JsValue) -> Result<Value> {
    serde_path_to_error::deserialize(Deserializer::from(value))
        .map_err(|error| unreadable(name, &error.path().to_string()))
}

/// Reads a value that `to_js` or js/simulator made. It reads plain data first, which takes own members only. A struct
/// would look an absent member up on Object.prototype.
fn from_js<T: for<'a> Deserialize<'a>>(value: JsValue) -> core::result::Result<T, JsValue> {
    let value: Value = serde_wasm_bindgen::from_value(value)?;
    serde_json::from_value(value).map_err(|error| JsValue::from_str(&error.to_string()))
}

fn to_js<T: Serialize>(value: &T) -> core::result::Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// The fields from which js/simulator makes a DarajaError.
fn thrown(error: &Error) -> JsValue {
    #[derive(Serialize)]
    struct Fields<'a> {
        message: &'a str,
        code: &'a str,
        hint: &'a str,
    }
    let fields = Fields { message: &error.message, code: error.code.as_str(), hint: error.hint };
    to_js(&fields).unwrap_or_default()
}
