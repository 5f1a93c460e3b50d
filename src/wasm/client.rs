//! The boundary of the module that users import.

use alloc::string::String;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::credentials::Secrets;
use crate::exchange::{self, Answer, Field, MAX_BODY_BYTES, USER_AGENT};
use crate::retry::RetryPolicy;
use crate::time::{EpochMillis, Millis};
use crate::wasm::options::Call;
use crate::wasm::{error, host, options};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An access token and its end. The object is frozen. */
export interface AccessToken {
  /** The token, for the header `Authorization: Bearer <accessToken>`. */
  readonly accessToken: string;
  /** The token's lifetime in seconds, as Daraja stated it; 3599 where it stated none. */
  readonly expiresIn: number;
  /** When the token ends, in milliseconds since the Unix epoch, counted from when the request was sent. */
  readonly expiresAt: number;
}

/**
 * Asks Daraja for an access token: one request, one token, nothing remembered.
 *
 * **Each token that Daraja grants invalidates the one before it**, so keep the token for its hour instead of calling
 * this before every request.
 *
 * Only network failures, time-outs, 429 and 5xx answers are tried again ({@link GenerateTokenOptions.retries}), one
 * attempt after the other. Redirects are never followed.
 *
 * @returns A promise of a frozen object. It rejects with a {@link DarajaError}, or, when `signal` aborts, with the
 * signal's reason. It never throws synchronously.
 *
 * @see https://developer.safaricom.co.ke/APIs/Authorization
 *
 * @example
 * ```js
 * import { generateToken } from "daraja-auth";
 *
 * const { accessToken, expiresAt } = await generateToken({
 *   consumerKey: process.env.DARAJA_CONSUMER_KEY,
 *   consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
 *   environment: "sandbox",
 * });
 * ```
 */
export function generateToken(options: GenerateTokenOptions): Promise<AccessToken>;
"#;

/// `generateToken`; its documentation is in [`TYPES`], which becomes the package's typings.
#[wasm_bindgen(js_name = generateToken, skip_typescript)]
pub fn generate_token(options: JsValue) -> Promise {
    // Judged now, not in the promise: what the caller does to its object afterwards is no longer our business.
    let Call { options, fetch, signal } = match options::read(&options) {
        Ok(call) => call,
        Err(error) => return Promise::reject(&error::to_js(&error, &JsValue::UNDEFINED, &Secrets::default())),
    };
    let request = options.request();
    host::send_until_judged(
        &fetch,
        signal.unchecked_ref(),
        &request.url,
        &request.authorization,
        USER_AGENT,
        options.timeout.0 as f64,
        MAX_BODY_BYTES,
        options.credentials.consumer_secret(),
        options.retry.retries,
    )
}

/// Judges how an attempt ended: `what` says what broke, or nothing if an answer came.
///
/// Gives the token, or the pause in milliseconds before another attempt; throws the error if there is to be none.
/// Between attempts nothing of a call stays in the module, neither its state nor its secret.
#[wasm_bindgen(skip_typescript)]
#[allow(clippy::too_many_arguments, reason = "one call is smaller than an object read field by field")]
pub fn judge(
    authorization: String,
    consumer_secret: String,
    timeout_ms: f64,
    retries: u32,
    attempts: u32,
    what: String,
    cause: &JsValue,
    status: u16,
    redirected: bool,
    wait_ms: f64,
    kind: String,
    text: String,
    json: &JsValue,
    sent: f64,
    received: f64,
) -> core::result::Result<JsValue, JsValue> {
    let secrets =
        Secrets { authorization: Zeroizing::new(authorization), consumer_secret: Zeroizing::new(consumer_secret) };
    let field = |paths: &str| field_of(json, paths);
    let answer = Answer {
        status,
        redirected,
        retry_after: (wait_ms >= 0.0).then_some(Millis(wait_ms as u64)),
        kind: &kind,
        text: &text,
        json: if json.is_undefined() { None } else { Some(&field) },
        sent: EpochMillis(sent as u64),
        received: EpochMillis(received as u64),
    };
    let mut error = match exchange::outcome(&what, Millis(timeout_ms as u64), &answer, &secrets) {
        Ok(token) => {
            return Ok(host::access_token(&token.access_token, token.expires_in.into(), token.expires_at.0 as f64));
        }
        Err(error) => error,
    };
    error.attempts = attempts;
    match (RetryPolicy { retries }).pause(error.code, error.retry_after, attempts, js_sys::Math::random()) {
        Some(pause) => Ok(JsValue::from_f64(pause.0 as f64)),
        None => Err(error::to_js(&error, cause, &secrets)),
    }
}

/// What a value of JavaScript's has at the first of some paths that leads to anything.
pub(super) fn field_of(json: &JsValue, paths: &str) -> Field {
    let value = host::value_at(json, paths);
    match (value.as_string(), value.as_f64()) {
        (Some(text), _) => Field::Text(text),
        (_, Some(number)) => Field::Number(number),
        _ if value.is_undefined() => Field::Absent,
        _ => Field::Other,
    }
}
