//! Makes JavaScript's `DarajaError` of an [`Error`].

use wasm_bindgen::prelude::*;

use crate::credentials::Secrets;
use crate::error::Error;
use crate::wasm::host;

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
  | "ERR_DARAJA_TOKEN_REJECTED"
  | "ERR_DARAJA_STORE_UNAVAILABLE"
  | "ERR_DARAJA_CLOSED"
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

/// The error, with what caused it, unless that would show the secrets.
pub fn to_js(error: &Error, cause: &JsValue, secrets: &Secrets) -> JsValue {
    host::daraja_error(
        &error.message,
        error.code.as_str(),
        error.code.is_retryable(),
        error.hint,
        error.status.unwrap_or_default(),
        error.error_code.as_deref().unwrap_or_default(),
        error.request_id.as_deref().unwrap_or_default(),
        error.incident_id.as_deref().unwrap_or_default(),
        error.retry_after.map_or(-1.0, |wait| wait.0 as f64),
        error.attempts,
        cause,
        &secrets.authorization,
        &secrets.consumer_secret,
    )
}
