//! Reads the options from the caller's object, property by property.

use js_sys::{Function, JsString, Reflect};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::options::{Found, MAX_TEXT_LENGTH, Options, check_name, no_object};
use crate::wasm::{error, js};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of {@link generateToken}. An unknown or ill-typed one is refused by name. */
export interface GenerateTokenOptions {
  /** The app's Consumer Key, from My Apps on the Daraja portal, with nothing around it. */
  consumerKey: string;
  /** The app's Consumer Secret. */
  consumerSecret: string;
  /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
  environment?: "sandbox" | "production";
  /** Another base URL instead of the environment's; https only, http on loopback only. */
  baseUrl?: string;
  /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
  path?: string;
  /** The `fetch` to use, for proxies, agents and tests. Default: the global one, looked up at each call. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Aborts the call: before the request, during it, in its body, in the pause before another attempt. */
  signal?: AbortSignal;
  /** How long one attempt may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number;
  /**
   * How many attempts may follow a failed first one, 0 to 10. Default: 1. Only network failures, time-outs, 429 and 5xx
   * answers are tried again, after a random pause that grows; a Retry-After of up to 5 seconds is honoured.
   */
  retries?: number;
}
"#;

/// The options, and what of them only JavaScript can use.
pub struct Call {
    pub options: Options,
    pub fetch: Option<Function>,
    pub signal: Option<JsValue>,
}

/// Reads each property once.
pub fn read(object: &JsValue) -> Result<Call, JsValue> {
    check(object).map_err(|error| error::plain(&error))?;
    let mut fetch = None;
    let mut signal = None;
    let options = Options::read(&mut |name| {
        let Some(value) = js::get(object, name) else { return Found::Unreadable };
        let found = found(&value, name);
        match found {
            Found::Function if name == "fetch" => fetch = value.dyn_into().ok(),
            Found::Signal => signal = Some(value),
            _ => {}
        }
        found
    })
    .map_err(|error| error::plain(&error))?;
    Ok(Call { options, fetch, signal })
}

fn check(object: &JsValue) -> Result<(), Error> {
    if !object.is_object() {
        return Err(no_object(kind(object)));
    }
    let names = Reflect::own_keys(object).map_err(|_| no_object("one that throws when it is read"))?;
    names.iter().filter_map(|name| name.dyn_into::<JsString>().ok()).try_for_each(|name| {
        let name = if name.length() <= MAX_TEXT_LENGTH { String::from(name) } else { String::new() };
        check_name(&name)
    })
}

fn found(value: &JsValue, name: &str) -> Found {
    if let Some(text) = value.dyn_ref::<JsString>() {
        if text.length() > MAX_TEXT_LENGTH {
            Found::LongText
        } else if !text.is_valid_utf16() {
            Found::BrokenText
        } else {
            Found::Text(Zeroizing::new(String::from(text)))
        }
    } else if let Some(number) = value.as_f64() {
        Found::Number(number)
    } else if value.is_undefined() {
        Found::Undefined
    } else if value.is_function() {
        Found::Function
    } else if name == "signal" && is_signal(value) {
        Found::Signal
    } else {
        Found::Other(kind(value))
    }
}

/// By what it does, not by its class: other realms and polyfills have classes of their own.
fn is_signal(value: &JsValue) -> bool {
    value.is_object()
        && js::get(value, "aborted").is_some_and(|aborted| aborted.as_bool().is_some())
        && js::method(value, "addEventListener").is_some()
        && js::method(value, "removeEventListener").is_some()
}

fn kind(value: &JsValue) -> &'static str {
    match value.js_typeof().as_string().as_deref() {
        Some("object") if value.is_null() => "null",
        Some("object") => "an object",
        Some("string") => "a string",
        Some("number") => "a number",
        Some("boolean") => "a boolean",
        Some("bigint") => "a bigint",
        Some("symbol") => "a symbol",
        Some("function") => "a function",
        _ => "undefined",
    }
}
