// The scenarios of `npm run fleet` with token servers. Two servers share a real Redis. Clients in Python, PHP and Node
// use both servers while things go wrong.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { needs } from "../stores/engines/program.mjs";
import { TokenServerRunner } from "./token-servers/fleet.mjs";
import { scenarios } from "./token-servers/scenarios.mjs";

describe("two token servers, and clients in three languages", needs("redis-server", "python3", "php"), () => {
  const runner = new TokenServerRunner();
  after(() => runner.stop());
  for (const scenario of scenarios) {
    test(scenario.sentence, async (t) => {
      const { counts, broken } = await runner.run(scenario);
      t.diagnostic(JSON.stringify(counts));
      assert.deepEqual(broken, []);
    });
  }
});
