import { DarajaError, generateToken } from "daraja-auth";
import { anExport, anImport, isPending, trapAt } from "./forced-trap.mjs";
import settings from "./settings.mjs";

const results = [];
const stray = [];
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error) => stray.push(`${event} ${error}`));
}

/** The allocator of the module. It is called with a size and the alignment of text. */
const theAllocator = (kind, args) => kind === "export" && args.length === 2 && args[1] === 1;

const { answers, ...valid } = settings;
/** Three calls at once, whose fetch calls `arrived` when it has resolved for all of them. */
function three(arrived) {
  let waiting = 3;
  let open;
  const all = new Promise((resolve) => {
    open = resolve;
  });
  const fetch = async (...args) => {
    const response = await globalThis.fetch(...args);
    if (--waiting === 0) open(arrived());
    await all;
    return response;
  };
  return Array.from({ length: 3 }, () => generateToken({ ...valid, fetch }));
}

/** Calls while a trap is pending. Each must reject with an internal error, and the next call must work. */
async function check(name, start) {
  const outcomes = await Promise.race([Promise.allSettled(start()), never()]);
  const isOurFault = ({ reason }) =>
    reason instanceof DarajaError &&
    reason.code === "ERR_DARAJA_INTERNAL" &&
    reason.cause instanceof WebAssembly.RuntimeError;
  const wrong = outcomes.filter((outcome) => !isOurFault(outcome));
  const again = await Promise.race([generateToken(valid).catch((error) => error), never()]);
  const errors = [
    ...(outcomes.length === 0 ? ["never settled"] : []),
    ...(isPending() ? ["nothing trapped"] : []),
    ...wrong.map(({ reason, value }) => `settled with ${reason ?? value.accessToken}, cause: ${reason?.cause}`),
    ...(again?.accessToken ? [] : [`then ${again}`]),
    ...stray.splice(0),
  ];
  results.push({ name, error: errors.length > 0 ? errors.join(", ") : undefined });
}

/** Settles without an outcome after a time that is longer than any check takes. */
const never = () => new Promise((resolve) => setTimeout(resolve, 20_000, []));

function trapping(matches, calls) {
  trapAt(matches);
  return calls();
}
const one = () => [generateToken(valid)];

await check("in the start of the first instance", () => trapping(anExport, one));
await check("in a call's own frames, before it waits for anything", () => trapping(anExport, one));
await check("in an import, under the module's frames", () => trapping(anImport, one));
await check("in the allocator", () => trapping(theAllocator, one));
await check("in a callback after fetch, with three calls in flight", () => three(() => trapAt(anExport)));
await check("in the allocator after fetch, with three calls in flight", () => three(() => trapAt(theAllocator)));
await check("in a call inside a caller's fetch, and the fetch hides the error", () => {
  let called;
  const inner = new Promise((resolve) => {
    called = resolve;
  });
  const fetch = () => {
    called(trapping(anExport, one)[0]);
    return new Promise(() => {});
  };
  return [generateToken({ ...valid, fetch }), inner];
});
await check("in another call, and the rejected calls send no more", () => {
  // Without jitter, the pause that began first ends first.
  Math.random = () => 0;
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  const busy = (sent, arrived) => async () => {
    sent.count++;
    arrived?.();
    await gate;
    return sent.count > 1 ? globalThis.fetch(`${valid.baseUrl}/answers/token`) : new Response("", { status: 503 });
  };
  const sent = { count: 0 };
  let rejected;
  const isSent = new Promise((resolve) => {
    rejected = generateToken({ ...valid, retries: 1, fetch: busy(sent, resolve) });
  });
  const trapped = isSent.then(() => trapping(anExport, one)[0]);
  const silence = trapped.catch(async () => {
    const later = generateToken({ ...valid, retries: 1, fetch: busy({ count: 0 }) });
    open();
    await later;
    if (sent.count !== 1) throw new Error(`${sent.count} requests of a rejected call`);
    await trapped;
  });
  return [rejected, silence];
});
await check("in another call, and a rejected call that pauses sends no more", () => {
  const sent = { count: 0 };
  let isAnswered;
  const answered = new Promise((resolve) => {
    isAnswered = resolve;
  });
  const fetch = async () => {
    sent.count++;
    // At this moment the module has read the answer, and the call pauses for a second.
    setTimeout(isAnswered, 50);
    return new Response("", { status: 503, headers: { "Retry-After": "1" } });
  };
  const rejected = generateToken({ ...valid, retries: 1, fetch });
  const trapped = answered.then(() => trapping(anExport, one)[0]);
  const silence = trapped.catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    if (sent.count !== 1) throw new Error(`${sent.count} requests of a rejected call`);
    await trapped;
  });
  return [rejected, silence];
});
// Ends the process at once, without the time-outs of the rejected calls.
process.stdout.write(JSON.stringify(results), () => process.exit());
