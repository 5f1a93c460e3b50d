// What a run is for.
import type { ManagerCore } from "./core.ts";
import type { Moment } from "./effect.ts";

export interface Errand {
  /** Callers with the same errand share a run. */
  readonly key: string;
  /** The token that it is about; empty for none. */
  readonly token: string;
  readonly begin: (core: ManagerCore, now: Moment, deadline: number) => number;
}

/** Gets a token. */
export const GET: Errand = {
  key: "get",
  token: "",
  begin: (core, now, deadline) => core.beginGet(now, deadline),
};

/** Looks at the record, and renews the token if it is due. */
export const LOOK: Errand = {
  key: "look",
  token: "",
  begin: (core, now, deadline) => core.beginLook(now, deadline),
};

/** Replaces a token that the endpoint rejected. */
export const report = (token: string, endpoint: number): Errand => ({
  key: `report ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginReport(now, deadline, token, endpoint),
});

/** Tells the others that the endpoint accepted a token. */
export const accept = (token: string, endpoint: number): Errand => ({
  key: `accept ${token} ${endpoint}`,
  token,
  begin: (core, now, deadline) => core.beginAccept(now, deadline, token, endpoint),
});
