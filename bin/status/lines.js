// Turns the result of `look` into lines for a person.

/**
 * The record in the result of `look`.
 *
 * @typedef {object} Shown
 * @property {string} history
 * @property {number} epoch
 * @property {string | null} fingerprint
 * @property {boolean} sealed
 * @property {number} obtainedAt
 * @property {number} expiresAt
 * @property {number} renewAt
 * @property {{ holder: string, reason: string, durationMs: number, until: number, isHeld: boolean } | null} lease
 * @property {number} notBefore
 * @property {number} failures
 * @property {{ left: number, refilledAt: number }} budget
 * @property {{ endpoint: string, epoch: number, nextForcedAt: number }[]} refusals
 */

/** Wider than each name. */
const WIDTH = 12;

/** @type {Partial<Record<string, string>>} */
const COLOURS = { live: "green", due: "yellow", dead: "red", expired: "yellow" };
/** @type {Partial<Record<string, string>>} */
const STATES = {
  live: "live",
  due: "due for renewal: it is live, and the next caller renews it",
  expired: "expired: the next caller gets a new one",
  dead: "dead: an API rejected it, and the next caller replaces it",
  empty: "none yet",
};
/** @type {Partial<Record<string, string>>} */
const REASONS = {
  missing: "there was no live token",
  rejected: "an API rejected the token",
  renewal: "the token is due for renewal",
};

/**
 * The text. `colours` are those of the stream that gets it.
 *
 * @param {{ state: string, now: number, record: Shown | null }} seen
 * @param {{ store: string, client?: string, key: string }} where
 * @param {Record<string, (text: string) => string>} colours
 */
export function linesOf({ state, now, record }, { store, client, key }, { bold, dim, ...colours }) {
  const colour = colours[COLOURS[state] ?? ""] ?? dim;
  const rows = [
    ["store", store],
    ...(client ? [["client", client]] : []),
    ["record", key],
    ...(record
      ? [["token", colour(STATES[state] ?? state)], ...rowsOf(state, now, record)]
      : [["token", dim("no record")]]),
  ];
  const lines = rows.map(([name, text]) => `${bold(name.padEnd(WIDTH))} ${text}\n`);
  return `${colour(summary(state, now, record))}\n\n${lines.join("")}`;
}

/**
 * The first line: what an operator wants to know first.
 *
 * @param {string} state
 * @param {number} now
 * @param {Shown | null} record
 */
function summary(state, now, record) {
  if (!record) {
    return (
      "There is no record. If your servers run, they use another store, Daraja or consumer key. A token from here would " +
      "end theirs."
    );
  }
  const { expiresAt, notBefore, failures, lease } = record;
  /** @type {Partial<Record<string, string>>} */
  const sentences = {
    live: `Your servers share a live token, for ${span(expiresAt - now)} more.`,
    due: `Your servers share a live token, for ${span(expiresAt - now)} more. It is due for renewal.`,
    expired: `Your servers share no live token: it expired ${span(now - expiresAt)} ago.`,
    dead: "Your servers share no live token: an API rejected it.",
    empty: "Your servers share no token yet.",
  };
  const sentence = sentences[state] ?? "";
  if (notBefore > now)
    return `${sentence} Daraja failed ${times(failures || 1)}, and is asked again in ${span(notBefore - now)}.`;
  if (lease?.isHeld) return `${sentence} One of them is asking for a new one.`;
  return sentence;
}

/** @param {number} count */
const times = (count) => (count === 1 ? "once" : `${count} times`);

/**
 * @param {string} state
 * @param {number} now
 * @param {Shown} record
 * @returns {string[][]}
 */
function rowsOf(state, now, record) {
  const { history, epoch, fingerprint, sealed, obtainedAt, renewAt, expiresAt } = record;
  const ofToken =
    state === "empty"
      ? []
      : [
          ["fingerprint", `${fingerprint}, of the ${sealed ? "sealed token" : "token"}`],
          ["obtained", instant(obtainedAt, now)],
          ["renewal", instant(renewAt, now)],
          ["end", instant(expiresAt, now)],
        ];
  return [
    ...ofToken,
    ["epoch", `${epoch} of history ${history || "unknown"}`],
    ["lease", leaseOf(record, now)],
    ...pauseOf(record, now),
    ...rejectionsOf(record, now),
  ];
}

/**
 * @param {Shown} record
 * @param {number} now
 */
function leaseOf({ lease }, now) {
  if (!lease) return "free";
  const { reason, durationMs, until, isHeld } = lease;
  const holder = lease.holder || "unknown";
  if (!isHeld) return `left by ${holder}: it ended ${span(now - until)} ago, and the next caller takes it`;
  const left = until > 0 ? `for ${span(until - now)} more` : `for ${span(durationMs)} at most`;
  return `held by ${holder} ${left}: ${REASONS[reason]}`;
}

/**
 * @param {Shown} record
 * @param {number} now
 * @returns {string[][]}
 */
function pauseOf({ notBefore, failures }, now) {
  if (failures === 0 && notBefore <= now) return [];
  const asked = notBefore > now ? `Daraja is not asked for ${span(notBefore - now)}` : "Daraja may be asked again";
  return [["pause", `${asked}: it failed ${times(failures || 1)}`]];
}

/**
 * @param {Shown} record
 * @param {number} now
 * @returns {string[][]}
 */
function rejectionsOf({ epoch, budget, refusals }, now) {
  const counted = `${budget.left} replacements of rejected tokens were left ${span(now - budget.refilledAt)} ago`;
  const lines = refusals.map(({ endpoint, epoch: rejected, nextForcedAt }) => {
    const which = rejected === epoch ? "this token" : `the token of epoch ${rejected}`;
    const again = nextForcedAt > now ? `not before ${span(nextForcedAt - now)} from now` : "at once";
    return `endpoint ${endpoint} rejected ${which}; the next token that it rejects is replaced ${again}`;
  });
  return [
    ["budget", counted],
    ...(lines.length > 0 ? lines : ["none"]).map((line, i) => [i ? "" : "rejections", line]),
  ];
}

/**
 * @param {number} at
 * @param {number} now
 */
function instant(at, now) {
  const text = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return at > now ? `${text}, in ${span(at - now)}` : `${text}, ${span(now - at)} ago`;
}

/**
 * A time span in its two largest units.
 *
 * @param {number} ms
 */
function span(ms) {
  const seconds = Math.round(ms / 1000);
  /** @type {[number, string][]} */
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
