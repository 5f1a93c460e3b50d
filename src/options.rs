//! Reads the options from the caller's object, property by property.

use alloc::string::String;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use daraja_auth_core::error::Result;
use daraja_auth_core::options::{Found, LISTED, NAMES, Options, no_fetch, no_object, unknown};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of {@link generateToken}. An unknown or ill-typed one is refused by name. */
export interface GenerateTokenOptions {
  /** The app's Consumer Key, from My Apps on the Daraja portal, with nothing around it. */
  consumerKey: string;
  /** The app's Consumer Secret. */
  consumerSecret: string;
  /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
  environment?: "sandbox" | "production" | undefined;
  /** Another base URL instead of the environment's; https only, http on loopback only. */
  baseUrl?: string | undefined;
  /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
  path?: string | undefined;
  /** The `fetch` to use, for proxies, agents and tests. Default: the global one, looked up at each call. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Aborts the call: before the request, during it, in its body, in the pause before another attempt. */
  signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number | undefined;
  /**
   * How many attempts may follow a failed first one, 0 to 10. Default: 1. Only network failures, time-outs, 429 and 5xx
   * answers are tried again, after a random pause that grows; a Retry-After of up to 5 seconds is honoured.
   */
  retries?: number | undefined;
}
"#;

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
