// A smaller `npm run fleet`: eight real processes of the packed package share real stores while things go wrong.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { needs } from "../stores/engines/program.mjs";
import { Runner } from "./run-scenario.mjs";
import { baseline, scenarios } from "./scenarios.mjs";

const PROCESSES = 8;
const runner = new Runner();
after(() => runner.stop());

const engines = {
  redis: {
    programs: ["redis-server"],
    plays: [/herd/, /its first token/, /SIGSTOP/, /restarted/, /cut off, and/, /another program/, /two halves/],
  },
  postgres: {
    programs: ["initdb", "postgres"],
    plays: [/herd/, /at a renewal/, /restarted/, /silent/, /loses/, /another program/, /arrives after/],
  },
  file: { programs: [], plays: [/herd/, /its first token/] },
};

for (const [engine, { programs, plays }] of Object.entries(engines)) {
  describe(`${PROCESSES} processes that share a store: ${engine}`, needs(...programs), () => {
    for (const scenario of plays.map((name) => scenarios.find((each) => name.test(each.name)))) {
      test(scenario.sentence, async (t) => {
        const { counts, broken } = await runner.run(scenario, PROCESSES, engine);
        t.diagnostic(JSON.stringify(counts));
        assert.deepEqual(broken, []);
      });
    }
  });
}

test(`without a shared store ${PROCESSES} processes end each other's tokens, and calls fail`, async (t) => {
  const { counts } = await runner.run(baseline, PROCESSES, "memory");
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.generates >= PROCESSES);
  assert.ok(counts.accepted < counts.calls);
});
