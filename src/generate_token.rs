//! The boundary of `generateToken`.

use core::result::Result;

use wasm_bindgen::prelude::*;

use crate::http::{self, AttemptEnd, Call, Promise};
use crate::number::{count, double};
use crate::{error, options};
use daraja_auth_core::retry::RetryPolicy;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Math)]
    fn random() -> f64;
}

/// `generateToken`. js/generate-token.ts documents it for users.
///
/// It is not `async`: an executor would keep a waiting call's data in the module's memory. ARCHITECTURE.md has the
/// measurements. So the loop over the attempts is a chain of JavaScript's promises:
///
/// ```text
///   generate_token ──► http::attempt: pause, send ──► attempt_ended ──► token, or error
///                           ▲                              │
///                           └──────── retryable ───────────┘
/// ```
#[wasm_bindgen(js_name = generateToken, skip_typescript)]
pub fn generate_token(options: &JsValue) -> Promise {
    // The options are read now, so a later change of the object does not change the call.
    match options::read(options) {
        Ok(options::Call { options, fetch, signal }) => {
            let request = http::request(&options.credentials, &options.endpoint, options.timeout);
            http::attempt(&http::call(&request, &fetch, &signal, options.retry.retries), 1, None)
        }
        Err(error) => Promise::reject(&error::thrown(&error)),
    }
}

/// js/host.ts calls this at the end of each attempt, unless the caller's signal has aborted it. It gives the token, or
/// the promise of the next attempt.
///
/// Its arguments are all that it needs: between two attempts the module keeps no data of the call.
#[wasm_bindgen(js_name = attemptEnded, skip_typescript)]
pub fn attempt_ended(call: &Call, attempts: u32, end: &AttemptEnd) -> Result<JsValue, JsValue> {
    let request = call.request();
    let mut error = match end.classify(&request) {
        Ok(token) => return Ok(http::token(&token)),
        Err(error) => error,
    };
    let policy = RetryPolicy { retries: count(call.number("retries")) };
    match policy.pause(error.code, error.retry_after, attempts, random()) {
        Some(pause) => Ok(http::attempt(call, attempts + 1, Some(double(pause.0))).into()),
        None => {
            error.attempts = attempts;
            Err(error::to_js(&error, &end.cause(), &request.secrets()))
        }
    }
}
