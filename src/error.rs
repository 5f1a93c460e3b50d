//! Converts an [`Error`] to JavaScript's `DarajaError`.

use wasm_bindgen::prelude::*;

use daraja_auth_core::credentials::Secrets;
use daraja_auth_core::error::Error;

use crate::number::double;
use crate::object::JsObject;

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    #[wasm_bindgen(js_name = darajaError)]
    fn daraja_error(message: &str, fields: &JsObject) -> JsValue;

    #[wasm_bindgen(js_name = safeCause)]
    fn safe_cause(cause: &JsValue, authorization: &str, consumer_secret: &str) -> JsValue;
}

/// Converts an error and its cause. The cause is a copy without the unsafe parts, if it may show a secret. Fields that
/// do not apply are absent.
pub fn to_js(error: &Error, cause: &JsValue, secrets: &Secrets) -> JsValue {
    let fields = JsObject::new();
    fields.set_text("code", error.code.as_str());
    fields.set("retryable", error.code.is_retryable().into());
    if let Some(status) = error.status.filter(|&status| status != 0) {
        fields.set_number("status", status.into());
    }
    if let Some(code) = &error.error_code {
        fields.set_text("errorCode", code);
    }
    if let Some(id) = &error.request_id {
        fields.set_text("requestId", id);
    }
    if let Some(id) = &error.incident_id {
        fields.set_text("incidentId", id);
    }
    if let Some(wait) = error.retry_after {
        fields.set_number("retryAfterMs", double(wait.0));
    }
    if error.attempts > 0 {
        fields.set_number("attempts", error.attempts.into());
    }
    fields.set_text("hint", error.hint);
    if !cause.is_undefined() {
        fields.set("cause", safe_cause(cause, &secrets.authorization, &secrets.consumer_secret));
    }
    daraja_error(&error.message, &fields)
}

/// The same for an error that has neither a cause nor a secret.
pub fn thrown(error: &Error) -> JsValue {
    to_js(error, &JsValue::UNDEFINED, &Secrets::default())
}
