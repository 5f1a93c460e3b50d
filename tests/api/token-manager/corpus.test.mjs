// The cases of tests/corpus, through the built package, with a scripted store, Daraja and clock.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { installed } from "../../support/installed.mjs";

const { TokenManager } = await installed("manager-corpus");
const consumerKey = "key";
const digest = createHash("sha256").update(consumerKey).digest("hex");
const key = `daraja-auth:v1:https://sandbox.safaricom.co.ke:${digest.slice(0, 16)}`;
const LIFETIME = 3_599_000;
const BEGINNING = 1_000_000_000;
/** The time limits of an operation of the store, and of an attempt. */
const LIMITS = [2_000, 10_000];

/** The call that began the running code. Promises keep it, and so do the timers below. */
const origin = new AsyncLocalStorage();
let clock = { monotonic: 0, timers: new Map() };
let timers = 0;
const real = { setTimeout, clearTimeout, performance };
before(() => {
  globalThis.setTimeout = (run, ms) => {
    const id = ++timers;
    clock.timers.set(id, { at: clock.monotonic + ms, run: AsyncLocalStorage.bind(run), ms, call: origin.getStore() });
    return { id, unref() {} };
  };
  globalThis.clearTimeout = (timer) => clock.timers.delete(timer?.id);
  globalThis.performance = { now: () => clock.monotonic };
});
after(() => Object.assign(globalThis, real));

/** Lets all code run that waits for no timer. A digest runs in another thread and may need more turns. */
async function quiet(isAwaited = () => false) {
  for (let turn = 0; turn < 10 || (isAwaited() && turn < 10_000); turn++) await new Promise(setImmediate);
}

const REFUSALS = {
  ERR_DARAJA_INVALID_CREDENTIALS: () => new Response("", { status: 400 }),
  ERR_DARAJA_BLOCKED: () => new Response("Incapsula incident ID: 1-2", { status: 403 }),
  ERR_DARAJA_RATE_LIMITED: (headers) => new Response("", { status: 429, headers }),
  ERR_DARAJA_UNAVAILABLE: (headers) => new Response("no healthy upstream", { status: 503, headers }),
  ERR_DARAJA_REFUSED: () => new Response("", { status: 418 }),
};

class World {
  time = 0;
  record = null;
  managers = [];
  calls = new Map();
  /** What each call waits for. */
  asked = new Map();
  events = [];

  constructor(given) {
    clock = { monotonic: 0, timers: new Map() };
    const left = { fresh: LIFETIME, dead: LIFETIME, due: 290_000, ending: 50_000, expired: -1_000 }[given];
    if (left === undefined) return;
    const expiresAt = BEGINNING + left;
    const ends = { obtainedAt: expiresAt - LIFETIME, expiresAt, renewAt: expiresAt - 299_916 };
    const budget = { left: 10, refilledAt: BEGINNING };
    const value = { schema: 1, history: "1", epoch: 1, token: "T1", ...ends, dead: given === "dead", budget };
    this.record = { version: "given", value: JSON.stringify(value) };
  }

  now() {
    return BEGINNING + this.time;
  }

  manager(instance) {
    this.managers[instance] ??= new TokenManager({
      consumerKey,
      consumerSecret: "secret",
      now: () => this.now(),
      store: {
        load: (asked) => this.ask("load", () => ({ record: asked === key ? this.record : null, now: this.now() })),
        compareAndSwap: (_, expected, next) =>
          this.ask("swap", () => {
            const swapped = (this.record?.version ?? null) === expected;
            if (swapped) this.record = next;
            return { swapped, now: this.now() };
          }),
      },
      fetch: async (url) => (url.includes("/oauth/") ? this.ask("generate") : new Response("{}")),
      onEvent: ({ type }) => this.events.push(type),
    });
    return this.managers[instance];
  }

  /** The running call asks the store or Daraja, and waits until a step of the case answers. */
  ask(what, carryOut) {
    const call = origin.getStore();
    return new Promise((resolve, reject) => this.asked.set(call, { what, carryOut, resolve, reject }));
  }

  async begin(name, instance, kind, use) {
    const joined = [...this.calls].find(([, call]) => call.kind === kind && call.instance === instance && !call.result);
    const call = { kind, instance, of: joined ? joined[1].of : name };
    this.calls.set(name, call);
    origin
      .run(name, () => use(this.manager(instance)))
      .then(
        ({ accessToken }) => {
          call.result = `give ${accessToken}`;
        },
        ({ code, retryAfterMs }) => {
          call.result = ["fail", code, ...(retryAfterMs === undefined ? [] : [retryAfterMs])].join(" ");
        },
      );
    await quiet(() => !call.result && !this.asked.has(call.of));
  }

  doing(name) {
    const { result, of } = this.calls.get(name);
    return result ?? this.asked.get(of)?.what ?? "wait";
  }

  async settle(name, how) {
    const { of } = this.calls.get(name);
    const asked = this.asked.get(of);
    this.asked.delete(of);
    how(asked);
    await quiet();
  }

  async advance(ms) {
    const end = clock.monotonic + ms;
    for (;;) {
      const [id, next] = [...clock.timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!next || next.at > end) break;
      clock.timers.delete(id);
      // Skips the time limit of an operation that a later step answers: the case decides how long the operation takes.
      if (LIMITS.includes(next.ms) && this.asked.has(next.call)) continue;
      this.time += Math.max(next.at - clock.monotonic, 0);
      clock.monotonic = Math.max(next.at, clock.monotonic);
      next.run();
      await quiet();
    }
    this.time += end - clock.monotonic;
    clock.monotonic = end;
  }

  async take({ instance = 0, endpoint, token, ...step }) {
    const path = endpoint && `/${endpoint}`;
    if (step.getToken) await this.begin(step.getToken, instance, "get", (tokens) => tokens.getToken());
    else if (step.report) {
      const about = path && { endpoint: path };
      const kind = `report ${token} ${path}`;
      await this.begin(step.report, instance, kind, (tokens) => tokens.report(token, about));
    } else if (step.accept) {
      const use = async (tokens) => {
        await tokens.fetch(path);
        // The caller has its answer. The rest runs in the background, and has ended when it asks for nothing more.
        while (!this.asked.has(step.accept)) await new Promise(setImmediate);
        while (this.asked.has(step.accept)) await new Promise(setImmediate);
        return { accessToken: token };
      };
      await this.begin(step.accept, instance, "accept", use);
    } else if (step.store) {
      await this.settle(step.store, ({ carryOut, resolve, reject }) => {
        const answer = step.does === "lose question" ? undefined : carryOut();
        if (step.does === "answer") resolve(answer);
        else reject(new Error(step.does));
      });
    } else if (step.daraja) {
      const headers = step.retryAfterMs === undefined ? {} : { "retry-after": `${step.retryAfterMs / 1000}` };
      await this.settle(step.daraja, ({ resolve, reject }) => {
        if (step.grants) resolve(Response.json({ access_token: step.grants, expires_in: "3599" }));
        else if (step.refuses === "ERR_DARAJA_NETWORK") reject(new Error("a network's error"));
        else resolve(REFUSALS[step.refuses](headers));
      });
    } else if (step.advance !== undefined) await this.advance(step.advance);
    else if (step.sleep !== undefined) this.time += step.sleep;
    else if (step.flush) this.record = null;
    else if (step.crash) {
      const { instance, of } = this.calls.get(step.crash);
      this.asked.delete(of);
      this.managers[instance] = undefined;
    } else assert.fail("a step that does nothing");
  }
}

async function play({ given, steps }) {
  const world = new World(given);
  for (const [at, { then = {}, record = {}, events, ...step }] of steps.entries()) {
    const where = `step ${at + 1}`;
    await world.take(step);
    for (const [call, expected] of Object.entries(then))
      assert.equal(world.doing(call), expected, `${where}, call ${call}`);
    for (const [name, expected] of Object.entries(record)) {
      assert.deepEqual(JSON.parse(world.record.value)[name], expected, `${where}, ${name}`);
    }
    if (events) assert.deepEqual(world.events.splice(0), events, where);
  }
}

for (const file of ["single", "reports", "fleet"]) {
  describe(file, () => {
    const cases = JSON.parse(readFileSync(new URL(`../../corpus/${file}.json`, import.meta.url), "utf8"));
    for (const { name, ...life } of cases) test(name, () => play(life));
  });
}
