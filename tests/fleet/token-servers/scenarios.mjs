// The scenarios with two token servers and their clients. The promises are counts as in ../scenarios.mjs. In addition,
// `unavailable` counts the calls that got a 503 or no answer. A client waits at most 3 seconds for each server.

const NONE_FAILED = { failures: {}, unavailable: 0 };
const ONE_TOKEN = { ...NONE_FAILED, generates: 1, rejections: 0 };
const MANY = Number.POSITIVE_INFINITY;

export const scenarios = [
  {
    name: "steady load over three renewals",
    sentence: "no call fails during a renewal",
    lifetimeSeconds: 10,
    run: (fleet) => fleet.used(4),
    promise: { ...NONE_FAILED, generates: [4, MANY] },
  },
  {
    name: "kill -9 of a server, and its next start",
    sentence: "if a server is killed and started again, no call fails and the fleet keeps its token",
    async run(fleet) {
      await fleet.kill("SIGKILL");
      await fleet.calls(100);
      await fleet.restart();
      await fleet.calls(100);
    },
    promise: ONE_TOKEN,
  },
  {
    name: "SIGTERM of one server after the other",
    sentence: "during a rolling restart no call fails and no token is lost",
    async run(fleet) {
      for (let times = 0; times < 2; times++) {
        await fleet.kill("SIGTERM");
        await fleet.restart();
        await fleet.calls(100);
      }
    },
    promise: ONE_TOKEN,
  },
  {
    name: "SIGSTOP of a server, a token elsewhere, SIGCONT",
    sentence: "if a server is frozen, no call fails, even if another program ends the fleet's token in the meantime",
    async run(fleet) {
      fleet.freeze();
      await fleet.calls(100);
      await fleet.daraja.generateElsewhere();
      await fleet.used(3);
      fleet.thaw();
      await fleet.calls(100);
    },
    promise: { ...NONE_FAILED, generates: 2, rejections: [1, MANY] },
  },
  {
    name: "the store is cut off while a token lives",
    sentence: "if the store is cut off while the token is live, no call fails",
    async run(fleet) {
      fleet.engine.network.cut();
      await fleet.calls(200);
      await fleet.engine.network.restore();
      await fleet.calls(100);
    },
    promise: ONE_TOKEN,
  },
  {
    name: "another program generates a token, three times",
    sentence: "a token that another program ended is replaced once for all clients, and no call fails",
    async run(fleet) {
      for (let times = 0; times < 3; times++) {
        await fleet.daraja.generateElsewhere();
        await fleet.used(fleet.daraja.latest + 1);
        await fleet.calls(50);
      }
    },
    promise: { ...NONE_FAILED, generates: 4, rejections: [3, MANY] },
  },
  {
    name: "the store is cut off, and there is no token",
    sentence: "if there is no store and no token, a call gets 503 or no answer, and the clients recover with one token",
    isCutFirst: true,
    async run(fleet) {
      await fleet.failed();
      await fleet.engine.network.restore();
      await fleet.calls(100);
    },
    // Only in this scenario calls are unavailable, because there is no token.
    promise: { failures: {}, unavailable: [1, MANY], generates: 1, rejections: 0 },
  },
];
