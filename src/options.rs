//! Reads the options from the caller's object, property by property.

use alloc::string::String;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use daraja_auth_core::error::Result;
use daraja_auth_core::options::{Found, LISTED, NAMES, Options, no_fetch, no_object, unknown};

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// What stands under a name of the caller's options.
    type OptionValue;
    #[wasm_bindgen(js_name = readOption)]
    fn read_option(options: &JsValue, name: &str) -> OptionValue;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &OptionValue) -> String;
    #[wasm_bindgen(method, getter)]
    fn value(this: &OptionValue) -> JsValue;

    #[wasm_bindgen(js_name = unknownOption)]
    pub fn unknown_option(options: &JsValue, known: &str) -> Option<String>;

    #[wasm_bindgen(js_name = hasFetch)]
    fn has_fetch() -> bool;
}

/// The options, and what of them only JavaScript can use.
pub struct Call {
    pub options: Options,
    pub fetch: JsValue,
    pub signal: JsValue,
}

/// Reads each property once.
pub fn read(object: &JsValue) -> Result<Call> {
    if !object.is_object() {
        return Err(no_object());
    }
    if let Some(name) = unknown_option(object, NAMES) {
        return Err(unknown(&name, LISTED));
    }
    let mut fetch = JsValue::UNDEFINED;
    let mut signal = JsValue::UNDEFINED;
    let options = Options::read(&mut |name| {
        let (found, value) = found(object, name);
        match name {
            "fetch" => fetch = value,
            "signal" => signal = value,
            _ => {}
        }
        found
    })?;
    if fetch.is_undefined() && !has_fetch() {
        return Err(no_fetch());
    }
    Ok(Call { options, fetch, signal })
}

/// What stands under a name, as the core wants it and as it is.
pub fn found(object: &JsValue, name: &str) -> (Found, JsValue) {
    let property = read_option(object, name);
    let (kind, value) = (property.kind(), property.value());
    // A string that js/options.ts finds fault with, such as one of a gigabyte, stays outside.
    let text = if kind == "a string" { value.as_string() } else { None };
    let number = value.as_f64().unwrap_or_else(|| if value.is_truthy() { 1.0 } else { 0.0 });
    (Found { kind, text: Zeroizing::new(text.unwrap_or_default()), number }, value)
}
