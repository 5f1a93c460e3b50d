// The purpose of an acquisition.
import type { ManagerCore } from "./core.ts";
import type { Moment } from "./effect.ts";

export interface Purpose {
  /** Callers whose purposes have the same key share an acquisition. */
  readonly joinKey: string;
  /** The token that was rejected or accepted, or an empty text. */
  readonly token: string;
  readonly begin: (core: ManagerCore, now: Moment, deadline: number) => number;
}

/** Gets a token. */
export const GET: Purpose = {
  joinKey: "get",
  token: "",
  begin: (core, now, deadline) => core.beginGet(now, deadline),
};

/** Reads the record again. Renews the token if that is due. */
export const REVALIDATE: Purpose = {
  joinKey: "revalidate",
  token: "",
  begin: (core, now, deadline) => core.beginRevalidate(now, deadline),
};

/** Replaces a token that an endpoint rejected. `endpoint` is its hash, or 0 for none. */
export const replaceRejected = (token: string, endpoint: number): Purpose => ({
  joinKey: `rejected ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginReport(now, deadline, token, endpoint),
});

/** Writes into the record that an endpoint accepted a token. An earlier rejection by it then no longer counts. */
export const recordAccepted = (token: string, endpoint: number): Purpose => ({
  joinKey: `accepted ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginAccept(now, deadline, token, endpoint),
});
