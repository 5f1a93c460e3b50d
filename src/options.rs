//! Reads the options from the caller's object, property by property.

use alloc::string::String;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use daraja_auth_core::error::Result;
use daraja_auth_core::options::{LISTED, NAMES, OptionValue, Options, ValueKind, no_fetch, no_object, unknown};

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// An option as js/options.ts found it.
    type FoundOption;
    #[wasm_bindgen(js_name = readOption)]
    fn read_option(options: &JsValue, name: &str) -> FoundOption;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &FoundOption) -> FoundKind;
    #[wasm_bindgen(method, getter)]
    fn value(this: &FoundOption) -> JsValue;

    #[wasm_bindgen(js_name = unknownOption)]
    pub fn unknown_option(options: &JsValue, known: &str) -> Option<String>;

    #[wasm_bindgen(js_name = hasFetch)]
    fn has_fetch() -> bool;
}

/// The kinds of js/options.ts.
#[wasm_bindgen(skip_typescript)]
#[derive(Clone, Copy)]
pub enum FoundKind {
    Undefined = "undefined",
    Null = "null",
    Text = "a string",
    LongText = "a string of over 65536 characters",
    IllFormedText = "a string with half a surrogate pair",
    NoUrl = "a string that is no URL",
    Number = "a number",
    BigInt = "a bigint",
    Boolean = "a boolean",
    Symbol = "a symbol",
    Function = "a function",
    AbortSignal = "an AbortSignal",
    Object = "an object",
    Unreadable = "a property that throws when it is read",
}

impl From<FoundKind> for ValueKind {
    fn from(kind: FoundKind) -> Self {
        match kind {
            FoundKind::Undefined => Self::Undefined,
            FoundKind::Null => Self::Null,
            FoundKind::Text => Self::Text,
            FoundKind::LongText => Self::LongText,
            FoundKind::IllFormedText => Self::IllFormedText,
            FoundKind::NoUrl => Self::NoUrl,
            FoundKind::Number => Self::Number,
            FoundKind::BigInt => Self::BigInt,
            FoundKind::Boolean => Self::Boolean,
            FoundKind::Symbol => Self::Symbol,
            FoundKind::Function => Self::Function,
            FoundKind::AbortSignal => Self::AbortSignal,
            FoundKind::Object => Self::Object,
            FoundKind::Unreadable | FoundKind::__Invalid => Self::Unreadable,
        }
    }
}

/// The options, and those that only JavaScript can use.
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
        let (option, value) = option_value(object, name);
        match name {
            "fetch" => fetch = value,
            "signal" => signal = value,
            _ => {}
        }
        option
    })?;
    if fetch.is_undefined() && !has_fetch() {
        return Err(no_fetch());
    }
    Ok(Call { options, fetch, signal })
}

/// Reads an option. Gives it in the core's form, and as the original value.
pub fn option_value(object: &JsValue, name: &str) -> (OptionValue, JsValue) {
    let property = read_option(object, name);
    let value = property.value();
    let option = match property.kind().into() {
        ValueKind::Text => OptionValue::Text(Zeroizing::new(value.as_string().unwrap_or_default())),
        ValueKind::Number => OptionValue::Number(value.as_f64().unwrap_or_default()),
        ValueKind::Boolean => OptionValue::Boolean(value.is_truthy()),
        kind => OptionValue::Other(kind),
    };
    (option, value)
}
