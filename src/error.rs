//! Makes JavaScript's `DarajaError` of an [`Error`].

use wasm_bindgen::prelude::*;

use daraja_auth_core::credentials::Secrets;
use daraja_auth_core::error::Error;

use crate::number::double;

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    type DarajaError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &Fields) -> DarajaError;

    #[wasm_bindgen(js_name = safeCause)]
    fn safe_cause(cause: &JsValue, authorization: &str, consumer_secret: &str) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    /// The fields of an error, in the order in which a log shows them.
    #[wasm_bindgen(js_name = Object)]
    type Fields;
    #[wasm_bindgen(constructor, js_class = Object)]
    fn new() -> Fields;
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Fields, code: &str);
    #[wasm_bindgen(method, setter)]
    fn set_retryable(this: &Fields, retryable: bool);
    #[wasm_bindgen(method, setter)]
    fn set_status(this: &Fields, status: u16);
    #[wasm_bindgen(method, setter, js_name = errorCode)]
    fn set_error_code(this: &Fields, code: &str);
    #[wasm_bindgen(method, setter, js_name = requestId)]
    fn set_request_id(this: &Fields, id: &str);
    #[wasm_bindgen(method, setter, js_name = incidentId)]
    fn set_incident_id(this: &Fields, id: &str);
    #[wasm_bindgen(method, setter, js_name = retryAfterMs)]
    fn set_retry_after_ms(this: &Fields, ms: f64);
    #[wasm_bindgen(method, setter)]
    fn set_attempts(this: &Fields, attempts: u32);
    #[wasm_bindgen(method, setter)]
    fn set_hint(this: &Fields, hint: &str);
    #[wasm_bindgen(method, setter)]
    fn set_cause(this: &Fields, cause: &JsValue);
}

/// The error, with what caused it, unless that would show the secrets. A field that does not apply is absent.
pub fn to_js(error: &Error, cause: &JsValue, secrets: &Secrets) -> JsValue {
    let fields = Fields::new();
    fields.set_code(error.code.as_str());
    fields.set_retryable(error.code.is_retryable());
    if let Some(status) = error.status.filter(|&status| status != 0) {
        fields.set_status(status);
    }
    if let Some(code) = &error.error_code {
        fields.set_error_code(code);
    }
    if let Some(id) = &error.request_id {
        fields.set_request_id(id);
    }
    if let Some(id) = &error.incident_id {
        fields.set_incident_id(id);
    }
    if let Some(wait) = error.retry_after {
        fields.set_retry_after_ms(double(wait.0));
    }
    if error.attempts > 0 {
        fields.set_attempts(error.attempts);
    }
    fields.set_hint(error.hint);
    if !cause.is_undefined() {
        fields.set_cause(&safe_cause(cause, &secrets.authorization, &secrets.consumer_secret));
    }
    DarajaError::new(&error.message, &fields).into()
}

/// The error of what has neither a cause nor a secret.
pub fn thrown(error: &Error) -> JsValue {
    to_js(error, &JsValue::UNDEFINED, &Secrets::default())
}
