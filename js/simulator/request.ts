import type { FaultKind } from "./options.ts";

/** Why a request was answered as it was. */
export type Outcome =
  | "token"
  | "wrong-pair"
  | "wrong-scheme"
  | "wrong-grant"
  | "wrong-method"
  | "accepted"
  | "dead-token"
  | "malformed-header"
  | "no-product"
  | "invalid-request"
  | "unknown-path"
  | "portal"
  | "preflight"
  | FaultKind;

/**
 * A request that a {@link Simulator} received. It is frozen. Only its headers are redacted.
 */
export interface SimulatedRequest {
  /** When the request came, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** The query's parameters. */
  readonly query: Readonly<Record<string, string>>;
  /**
   * The headers, with names in lower case. Headers with credentials, such as Authorization, Cookie and X-Api-Key, are
   * redacted. The words Basic and Bearer stay, as in `"Basic [redacted]"`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly body: string;
  /** The status of the answer. */
  readonly status: number;
  /** The reason for the answer. */
  readonly outcome: Outcome;
  /** The name of the app with the request's credentials or token. Absent if no app has them. */
  readonly app?: string;
  /** The number of the token that the request got or carried. The first issued token has the number 1. */
  readonly token?: number;
  /** The number of the token that the new token invalidated. */
  readonly replaces?: number;
}

/** A callback that a {@link Simulator} sent or could not send. It is frozen. */
export interface SimulatedCallback {
  /** When it was sent, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  /** The `CallBackURL` of the STK push. */
  readonly url: string;
  /** The body, as JSON text. */
  readonly body: string;
  /** The status of your server's answer. Absent if no answer came. */
  readonly status?: number;
  /** Why there is no status. */
  readonly failure?: string;
}
