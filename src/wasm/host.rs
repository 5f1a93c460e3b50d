//! What the module imports from JavaScript. js/host.ts has the functions.
//!
//! No file has the name `daraja-auth-host`: scripts/glue.mjs puts the `host` object of js/host.ts in its place.

use alloc::string::String;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// What stands under a name of the caller's options.
    pub type Property;
    #[wasm_bindgen(js_name = readOption)]
    pub fn read_option(options: &JsValue, name: &str) -> Property;
    #[wasm_bindgen(method, getter)]
    pub fn kind(this: &Property) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Property) -> JsValue;

    #[wasm_bindgen(js_name = unknownOption)]
    pub fn unknown_option(options: &JsValue, known: &str) -> JsValue;

    #[wasm_bindgen(js_name = hasFetch)]
    pub fn has_fetch() -> bool;

    #[allow(clippy::too_many_arguments, reason = "one call is smaller than an object built field by field")]
    #[wasm_bindgen(js_name = sendUntilJudged)]
    pub fn send_until_judged(
        fetch: &JsValue,
        signal: &AbortSignal,
        url: &str,
        authorization: &str,
        user_agent: &str,
        timeout_ms: f64,
        max_bytes: usize,
        consumer_secret: &str,
        retries: u32,
    ) -> Promise;

    #[wasm_bindgen(js_name = valueAt)]
    pub fn value_at(json: &JsValue, paths: &str) -> JsValue;

    #[wasm_bindgen(js_name = tokenRequest)]
    pub fn token_request(
        url: &str,
        authorization: &str,
        consumer_key: &str,
        consumer_secret: &str,
        user_agent: &str,
    ) -> JsValue;
    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(access_token: &str, expires_in: f64, expires_at: f64) -> JsValue;

    #[allow(clippy::too_many_arguments, reason = "one call is smaller than an object built field by field")]
    #[wasm_bindgen(js_name = darajaError)]
    pub fn daraja_error(
        message: &str,
        code: &str,
        retryable: bool,
        hint: &str,
        status: u16,
        error_code: &str,
        request_id: &str,
        incident_id: &str,
        retry_after_ms: f64,
        attempts: u32,
        cause: &JsValue,
        authorization: &str,
        consumer_secret: &str,
    ) -> JsValue;
}
