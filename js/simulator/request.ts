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
 * A request that a {@link Simulator} got. It is frozen. Its headers show no secret and no token; path, query and body are
 * as they were sent.
 */
export interface SimulatedRequest {
  /** When it came, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** The query's parameters. */
  readonly query: Readonly<Record<string, string>>;
  /**
   * The headers, their names in lower case. Those that carry credentials, such as Authorization, Cookie and X-Api-Key, are
   * redacted; Basic and Bearer stay, as in `"Basic [redacted]"`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, as text. */
  readonly body: string;
  /** The status of the answer. */
  readonly status: number;
  /** Why it is that answer. */
  readonly outcome: Outcome;
  /** The name of the app whose credentials or token it carried; absent if no app has them. */
  readonly app?: string;
  /** The number of the token that it was given or carried: 1 for the first that was issued. */
  readonly token?: number;
  /** The number of the token that the one it was given has killed. */
  readonly replaces?: number;
}

/** A callback that a {@link Simulator} has sent, or could not send. It is frozen. */
export interface SimulatedCallback {
  /** When it was sent, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  /** The `CallBackURL` of the STK push. */
  readonly url: string;
  /** The body, as JSON text. */
  readonly body: string;
  /** The status that your server answered; absent where none came. */
  readonly status?: number;
  /** Why there is no status. */
  readonly failure?: string;
}
