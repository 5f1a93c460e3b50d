// What `look` gives, in lines for a person.

/** As wide as the longest name. */
const WIDTH = 12;

const COLOURS = { live: "green", due: "yellow", dead: "red", expired: "yellow" };
const STATES = {
  live: "live",
  due: "due: it lives, and whoever asks next renews it",
  expired: "expired: whoever asks next generates one",
  dead: "dead: an API refused it, and whoever asks next replaces it",
  empty: "none yet",
};
const REASONS = {
  missing: "there was no live token",
  rejected: "an API refused the token",
  renewal: "the token is to be renewed",
};

/**
 * The text; `colours` are those of the stream that it is for.
 *
 * @param {any} seen
 * @param {{ store: string, client?: string, key: string }} where
 * @param {Record<string, (text: string) => string>} colours
 */
export function linesOf({ state, now, record }, { store, client, key }, { bold, dim, ...colours }) {
  const where = [["store", store], ...(client ? [["client", client]] : []), ["record", key]];
  const rows = record
    ? [...where, ["token", (colours[COLOURS[state]] ?? dim)(STATES[state])], ...rowsOf(state, now, record)]
    : [
        ...where,
        ["token", dim("no record: nobody has asked for a token here, or your servers use another store or key")],
      ];
  return rows.map(([name, text]) => `${bold(name.padEnd(WIDTH))} ${text}\n`).join("");
}

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
    ...refusalsOf(record, now),
  ];
}

function leaseOf({ lease }, now) {
  if (!lease) return "nobody's";
  const { reason, durationMs, until, isHeld } = lease;
  const holder = lease.holder || "unknown";
  if (!isHeld) return `abandoned by ${holder}: it ran out ${span(now - until)} ago, and whoever asks next takes it`;
  const left = until > 0 ? `for ${span(until - now)} more` : `for ${span(durationMs)} at most`;
  return `${holder}'s ${left}: ${REASONS[reason]}`;
}

/** Daraja has trouble, and nobody is to ask it for a while. */
function pauseOf({ notBefore, failures }, now) {
  if (failures === 0 && notBefore <= now) return [];
  const asked = notBefore > now ? `nobody asks Daraja for ${span(notBefore - now)}` : "Daraja may be asked again";
  return [["pause", `${asked}: it could not serve the last ${failures || 1} who did`]];
}

function refusalsOf({ epoch, budget, refusals }, now) {
  const counted = `${budget.left} replacements of refused tokens left, as of ${span(now - budget.refilledAt)} ago`;
  const lines = refusals.map(({ endpoint, epoch: refused, nextForcedAt }) => {
    const which = refused === epoch ? "this token" : `that of epoch ${refused}`;
    const again = nextForcedAt > now ? `not before ${span(nextForcedAt - now)} from now` : "at once";
    return `endpoint ${endpoint} refused ${which}; if it refuses another, that is replaced ${again}`;
  });
  return [["budget", counted], ...(lines.length > 0 ? lines : ["none"]).map((line, i) => [i ? "" : "refusals", line])];
}

function instant(at, now) {
  const text = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return at > now ? `${text}, in ${span(at - now)}` : `${text}, ${span(now - at)} ago`;
}

/** A span in its two largest units. */
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
