// The server's metrics in Prometheus' text format. They show no token and no secret.

/**
 * The upper ends of the histogram's buckets, in seconds. They are the default buckets of Prometheus clients, and 30
 * seconds for slow answers of Daraja.
 */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** The types of TokenManager's events that are counted. */
const EVENTS = ["generated", "renewed", "shared", "rejected", "contention", "store-error", "lease-lost"];

export class Metrics {
  /**
   * The requests to each route: how many had each status, and how long they took.
   *
   * @type {Map<string, { codes: Map<number, number>, sum: number, count: number, buckets: number[] }>}
   */
  #routes = new Map();
  #events = new Map();
  #retried = 0;
  #now;
  /** The apps whose tokens' age and remaining time are shown. @type {() => Iterable<import("./app.js").App>} */
  #apps;

  constructor(apps, now = Date.now) {
    this.#apps = apps;
    this.#now = now;
  }

  /** @param {{ route: string, status: number, ms: number, retried?: boolean }} request */
  request({ route, status, ms, retried }) {
    if (retried) this.#retried++;
    let known = this.#routes.get(route);
    if (known === undefined) {
      known = { codes: new Map(), sum: 0, count: 0, buckets: BUCKETS.map(() => 0) };
      this.#routes.set(route, known);
    }
    const seconds = ms / 1000;
    count(known.codes, status);
    known.sum += seconds;
    known.count++;
    const bucket = BUCKETS.findIndex((end) => seconds <= end);
    if (bucket >= 0) known.buckets[bucket]++;
  }

  event(app, { type }) {
    if (EVENTS.includes(type)) count(this.#events, `app="${escaped(app)}",event="${type}"`);
  }

  text() {
    const now = this.#now();
    const tokens = [...this.#apps()].map((app) => ({ name: escaped(app.name), token: app.peek() }));
    const live = tokens.flatMap(({ name, token }) => (token === null ? [] : [{ name, token }]));
    return [
      ...family("token_events_total", "counter", "Events of the token managers, by app and type.", [...this.#events]),
      ...family(
        "token_remaining_seconds",
        "gauge",
        "The time until the live token of an app ends.",
        live.map(({ name, token }) => [`app="${name}"`, (token.expiresAt - now) / 1000]),
      ),
      ...family(
        "token_age_seconds",
        "gauge",
        "The age of the live token of an app.",
        live.map(({ name, token }) => [`app="${name}"`, token.expiresIn - (token.expiresAt - now) / 1000]),
      ),
      ...family("requests_total", "counter", "Requests by route and status.", this.#requests()),
      ...family("second_tries_total", "counter", "Clients' requests that were sent to Daraja twice.", [
        ["", this.#retried],
      ]),
      ...family("request_duration_seconds", "histogram", "How long requests took.", []),
      ...[...this.#routes].flatMap(([route, durations]) => histogram(route, durations)),
      "# HELP process_resident_memory_bytes Resident memory size in bytes.",
      "# TYPE process_resident_memory_bytes gauge",
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      "",
    ].join("\n");
  }

  #requests() {
    return [...this.#routes].flatMap(([route, { codes }]) =>
      [...codes].map(([code, total]) => /** @type {[string, number]} */ ([`route="${route}",code="${code}"`, total])),
    );
  }
}

function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** @param {[string, number][]} samples */
function family(name, type, help, samples) {
  return [
    `# HELP daraja_auth_${name} ${help}`,
    `# TYPE daraja_auth_${name} ${type}`,
    ...samples.map(([labels, value]) => `daraja_auth_${name}${labels && `{${labels}}`} ${value}`),
  ];
}

function histogram(route, { sum, count, buckets }) {
  const name = "daraja_auth_request_duration_seconds";
  let below = 0;
  const lines = BUCKETS.map((end, i) => {
    below += buckets[i];
    return `${name}_bucket{route="${route}",le="${end}"} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket{route="${route}",le="+Inf"} ${count}`,
    `${name}_sum{route="${route}"} ${sum}`,
    `${name}_count{route="${route}"} ${count}`,
  ];
}

function escaped(text) {
  return text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
