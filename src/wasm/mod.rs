//! The boundary to JavaScript: it converts, awaits and reports, and decides nothing.
//!
//! Whatever a caller owns (options, `fetch`, its response, the signal) is hostile here: every read is checked, every
//! call may throw, every promise may never settle.

mod attempt;
mod body;
mod error;
mod js;
mod options;
mod signals;

use js_sys::{Math, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::error::Error;
use crate::exchange::request;
use crate::time::EpochMillis;
use crate::token::Token;
use attempt::Halt;
use options::Call;
use signals::{Abort, sleep};

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
    let call = options::read(&options);
    future_to_promise(async move { exchange(call?).await })
}

async fn exchange(call: Call) -> Result<JsValue, JsValue> {
    match token(&call).await {
        Ok(token) => Ok(to_js(&token)),
        Err(Halt::Aborted(reason)) => Err(reason),
        Err(Halt::Failed(error, cause)) => Err(error::to_js(&error, cause, &call.options.credentials)),
    }
}

/// Attempts, one after the other, until there is a token or no reason to go on.
async fn token(call: &Call) -> Result<Token, Halt> {
    let request = request(&call.options.credentials, &call.options.endpoint);
    let abort = Abort::watch(call.signal.as_ref())?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (error, cause) = match attempt::run(&request, call, &abort).await {
            Err(Halt::Failed(error, cause)) => (Error { attempts, ..error }, cause),
            token_or_abort => return token_or_abort,
        };
        let Some(pause) = call.options.retry.pause(&error, attempts, Math::random()) else {
            return Err(Halt::Failed(error, cause));
        };
        sleep(pause, &abort).await?;
    }
}

fn now() -> EpochMillis {
    EpochMillis(js_sys::Date::now() as u64)
}

fn to_js(token: &Token) -> JsValue {
    let object = Object::new();
    js::set(&object, "accessToken", &JsValue::from_str(&token.access_token));
    js::set(&object, "expiresIn", &JsValue::from_f64(token.expires_in.as_secs() as f64));
    js::set(&object, "expiresAt", &JsValue::from_f64(token.expires_at.0 as f64));
    Object::freeze(&object).into()
}
