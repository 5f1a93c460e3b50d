// What an acquisition is for.
import type { ManagerCore } from "./core.ts";
import type { Moment } from "./effect.ts";

export interface Purpose {
  /** Callers whose purposes have the same key share an acquisition. */
  readonly joinKey: string;
  /** The token that it is about; empty for none. */
  readonly token: string;
  readonly begin: (core: ManagerCore, now: Moment, deadline: number) => number;
}

/** Gets a token. */
export const GET: Purpose = {
  joinKey: "get",
  token: "",
  begin: (core, now, deadline) => core.beginGet(now, deadline),
};

/** Reads the record again, and renews the token if it is time. */
export const REVALIDATE: Purpose = {
  joinKey: "revalidate",
  token: "",
  begin: (core, now, deadline) => core.beginRevalidate(now, deadline),
};

/** Replaces a token that an endpoint rejected. The endpoint is its hash; 0 for none. */
export const replaceRejected = (token: string, endpoint: number): Purpose => ({
  joinKey: `rejected ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginReport(now, deadline, token, endpoint),
});

/** Writes into the record that an endpoint accepted a token, so that an earlier rejection counts no longer. */
export const recordAccepted = (token: string, endpoint: number): Purpose => ({
  joinKey: `accepted ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginAccept(now, deadline, token, endpoint),
});
