//! Makes JavaScript's `DarajaError` of an [`Error`].

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::credentials::Credentials;
use crate::error::Error;
use crate::wasm::js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What went wrong; the README's table says when and what to do. */
export type DarajaErrorCode =
  | "ERR_DARAJA_INVALID_OPTION"
  | "ERR_DARAJA_INVALID_CREDENTIALS"
  | "ERR_DARAJA_INVALID_GRANT_TYPE"
  | "ERR_DARAJA_BLOCKED"
  | "ERR_DARAJA_RATE_LIMITED"
  | "ERR_DARAJA_UNAVAILABLE"
  | "ERR_DARAJA_REFUSED"
  | "ERR_DARAJA_MALFORMED_RESPONSE"
  | "ERR_DARAJA_REDIRECT"
  | "ERR_DARAJA_TIMEOUT"
  | "ERR_DARAJA_NETWORK"
  | "ERR_DARAJA_INTERNAL";

/** The fields of a {@link DarajaError}. Those that do not apply are absent. */
export interface DarajaErrorFields {
  /** The kind of failure: stable, for programs. */
  code: DarajaErrorCode;
  /** Whether the same call may succeed later with nothing changed. */
  retryable: boolean;
  /** The likely cause and the remedy, for a person. */
  hint: string;
  /** The HTTP status of the answer. */
  status?: number;
  /** Daraja's own error code, such as `"400.008.01"`. */
  errorCode?: string;
  /** Daraja's identifier of the request; their support asks for it. */
  requestId?: string;
  /** The firewall's identifier of a blocked request. */
  incidentId?: string;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number;
  /** How many requests were sent. */
  attempts?: number;
  /** What `fetch` threw, unless it would show a secret; then a copy without it. */
  cause?: unknown;
}

/**
 * Every failure of this package. No field of it ever holds a secret, an Authorization value or a token.
 *
 * @example
 * ```js
 * try {
 *   await generateToken(options);
 * } catch (error) {
 *   if (error instanceof DarajaError) console.error(error.code, error.message, error.hint);
 * }
 * ```
 */
export class DarajaError extends Error implements DarajaErrorFields {
  constructor(message: string, fields: DarajaErrorFields);
  readonly name: "DarajaError";
  readonly code: DarajaErrorCode;
  readonly retryable: boolean;
  readonly hint: string;
  readonly status?: number;
  readonly errorCode?: string;
  readonly requestId?: string;
  readonly incidentId?: string;
  readonly retryAfterMs?: number;
  readonly attempts?: number;
  readonly cause?: unknown;
}
"#;

#[wasm_bindgen]
extern "C" {
    // A free name of the generated glue: js/instance.js hands the class to each instance.
    type DarajaError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &Object) -> DarajaError;

    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag_of(value: &JsValue) -> Result<String, JsValue>;
}

/// More objects than this in a cause cannot be looked through, and are not shown.
const MAX_OBJECTS: u32 = 200;

/// The error, without a cause.
pub fn plain(error: &Error) -> JsValue {
    DarajaError::new(&error.message, &fields(error)).into()
}

/// The error, with what caused it, unless that would show the credentials.
pub fn to_js(error: &Error, cause: Option<JsValue>, credentials: &Credentials) -> JsValue {
    let fields = fields(error);
    if let Some(cause) = cause {
        let cause = if is_presentable(&cause, credentials) { cause } else { copy(&cause, credentials) };
        js::set(&fields, "cause", &cause);
    }
    DarajaError::new(&error.message, &fields).into()
}

fn fields(error: &Error) -> Object {
    let fields = Object::new();
    let text = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            js::set(&fields, name, &JsValue::from_str(value));
        }
    };
    let number = |name: &str, value: Option<f64>| {
        if let Some(value) = value {
            js::set(&fields, name, &JsValue::from_f64(value));
        }
    };
    text("code", Some(error.code.as_str()));
    js::set(&fields, "retryable", &JsValue::from_bool(error.code.is_retryable()));
    number("status", error.status.map(f64::from));
    text("errorCode", error.error_code.as_deref());
    text("requestId", error.request_id.as_deref());
    text("incidentId", error.incident_id.as_deref());
    number("retryAfterMs", error.retry_after.map(|wait| wait.as_millis() as f64));
    number("attempts", (error.attempts > 0).then(|| error.attempts.into()));
    text("hint", Some(&error.hint));
    fields
}

/// Whether all that a log could print of the value is visible here, and free of the credentials.
fn is_presentable(cause: &JsValue, credentials: &Credentials) -> bool {
    let seen = js_sys::Set::new(&JsValue::UNDEFINED);
    let waiting = Array::of1(cause);
    while waiting.length() > 0 {
        let value = waiting.pop();
        if let Some(text) = value.as_string() {
            if credentials.are_in(&text) {
                return false;
            }
        } else if js::is_object(&value) && !seen.has(&value) {
            seen.add(&value);
            // Only these keep nothing out of sight that inspecting them would show.
            let known = ["[object Error]", "[object Object]", "[object Array]", "[object DOMException]"];
            let tag = tag_of(&value).unwrap_or_default();
            if seen.size() > MAX_OBJECTS || !known.contains(&tag.as_str()) {
                return false;
            }
            let Ok(keys) = Reflect::own_keys(&value) else { return false };
            keys.push(&JsValue::from_str("message"));
            keys.push(&JsValue::from_str("stack"));
            for key in keys.iter() {
                let Ok(member) = Reflect::get(&value, &key) else { return false };
                waiting.push(&key);
                waiting.push(&member);
            }
        }
    }
    true
}

/// A plain error that says what the cause said, scrubbed.
fn copy(cause: &JsValue, credentials: &Credentials) -> JsValue {
    let text = |value: Option<JsValue>| value.and_then(|value| super::body::text_of(&value));
    let of = |name| if js::is_object(cause) { text(js::get(cause, name)) } else { None };
    let said = of("message").or_else(|| text(Some(cause.clone()))).unwrap_or_default();
    let error = js_sys::Error::new(&credentials.scrub(&said, ""));
    for name in ["name", "code"] {
        if let Some(value) = of(name) {
            js::set(&error, name, &JsValue::from_str(&credentials.scrub(&value, "")));
        }
    }
    error.into()
}
