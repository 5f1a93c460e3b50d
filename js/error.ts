/** The address of docs/errors.md. The build replaces it with the address in the repository that package.json names. */
declare const ERRORS_PAGE: string;

/** What went wrong. docs/errors.md says when each code occurs, and what to do. */
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

/** The fields of a {@link DarajaError}. Fields that do not apply are absent. */
export interface DarajaErrorFields {
  /** The kind of failure: a stable name that programs can compare. */
  code: DarajaErrorCode;
  /** Whether the same call may succeed later with nothing changed. */
  retryable: boolean;
  /** The likely cause and the remedy, for a person. */
  hint: string;
  /** The HTTP status of the answer. */
  status?: number;
  /** Daraja's own error code, such as `"400.008.01"`. */
  errorCode?: string;
  /** Daraja's identifier of the request. Daraja's support asks for it. */
  requestId?: string;
  /** The firewall's identifier of a blocked request. */
  incidentId?: string;
  /** How long to wait before the next try, in milliseconds. */
  retryAfterMs?: number;
  /** How many attempts were made. */
  attempts?: number;
  /** The error of `fetch` or the store, or a copy without the parts that could show a secret. */
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
  /** @internal */
  static override readonly name: string = "DarajaError";

  /** The kind of failure: a stable name that programs can compare. */
  declare readonly code: DarajaErrorCode;
  /** Whether the same call may succeed later with nothing changed. */
  declare readonly retryable: boolean;
  /** The likely cause and the remedy, for a person. */
  declare readonly hint: string;
  /** The HTTP status of the answer. */
  declare readonly status?: number;
  /** Daraja's own error code, such as `"400.008.01"`. */
  declare readonly errorCode?: string;
  /** Daraja's identifier of the request. Daraja's support asks for it. */
  declare readonly requestId?: string;
  /** The firewall's identifier of a blocked request. */
  declare readonly incidentId?: string;
  /** How long to wait before the next try, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** How many attempts were made. */
  declare readonly attempts?: number;
  /** The error of `fetch` or the store, or a copy without the parts that could show a secret. */
  declare readonly cause?: unknown;

  constructor(message: string, fields: DarajaErrorFields) {
    // Only own properties of `fields` are read: see propertyOf in options.ts.
    const { cause, ...others } = Object.assign(Object.create(null), fields) as DarajaErrorFields;
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, others);
  }

  /** The address of the documentation of {@link code}: when the error comes, and what to do. */
  get docs(): string {
    return `${ERRORS_PAGE}#${this.code.toLowerCase()}`;
  }

  /** The name of the class, which logs show. */
  override get name(): "DarajaError" {
    return "DarajaError";
  }
}
