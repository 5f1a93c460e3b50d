//! What `host.js` does, as Rust sees it.

use alloc::string::String;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    /// What stands under a name of the caller's options.
    pub type Property;
    pub fn find(options: &JsValue, name: &str) -> Property;
    #[wasm_bindgen(method, getter)]
    pub fn kind(this: &Property) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Property) -> JsValue;

    #[wasm_bindgen(js_name = strangerIn)]
    pub fn stranger_in(options: &JsValue, known: &str) -> JsValue;

    #[wasm_bindgen(js_name = hasFetch)]
    pub fn has_fetch() -> bool;

    #[allow(clippy::too_many_arguments, reason = "one call is smaller than an object built field by field")]
    pub fn drive(
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

    pub fn at(json: &JsValue, paths: &str) -> JsValue;

    pub fn request(
        url: &str,
        authorization: &str,
        consumer_key: &str,
        consumer_secret: &str,
        user_agent: &str,
    ) -> JsValue;
    pub fn token(access_token: &str, expires_in: f64, expires_at: f64) -> JsValue;

    #[allow(clippy::too_many_arguments, reason = "one call is smaller than an object built field by field")]
    pub fn error(
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
