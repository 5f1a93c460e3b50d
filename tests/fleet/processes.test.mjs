// `npm run fleet` in small: eight real processes of the packed package on real stores, while things go wrong.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { needs } from "../stores/engines.mjs";
import { Stage } from "./play.mjs";
import { baseline, rows } from "./rows.mjs";

const PROCESSES = 8;
const stage = new Stage();
after(() => stage.stop());

const engines = {
  redis: {
    programs: ["redis-server"],
    plays: [/herd/, /first token granted/, /SIGSTOP/, /restarted/, /cut off, and/, /somebody else/, /two halves/],
  },
  postgres: {
    programs: ["initdb", "postgres"],
    plays: [/herd/, /at a renewal/, /restarted/, /silent/, /loses/, /somebody else/, /arrives after/],
  },
  file: { programs: [], plays: [/herd/, /first token granted/] },
};

for (const [engine, { programs, plays }] of Object.entries(engines)) {
  describe(`${PROCESSES} processes that share a store: ${engine}`, needs(...programs), () => {
    for (const row of plays.map((name) => rows.find((each) => name.test(each.name)))) {
      test(row.says, async (t) => {
        const { counts, broken } = await stage.play(row, PROCESSES, engine);
        t.diagnostic(JSON.stringify(counts));
        assert.deepEqual(broken, []);
      });
    }
  });
}

test(`without a shared store ${PROCESSES} processes kill each other's tokens, and calls fail`, async (t) => {
  const { counts } = await stage.play(baseline, PROCESSES, "memory");
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.generates >= PROCESSES);
  assert.ok(counts.accepted < counts.calls);
});
