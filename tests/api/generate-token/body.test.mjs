// The body of an answer, as a stream or as a whole: how much of it is read, and how a call ends if the read fails.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessToken, credentials, installed, rejects } from "../../support/installed.mjs";

const { generateToken } = await installed("body");
const network = "ERR_DARAJA_NETWORK";
const malformed = "ERR_DARAJA_MALFORMED_RESPONSE";
const valid = { ...credentials, retries: 0 };
const json = JSON.stringify({ access_token: accessToken, expires_in: "3599" });
const bytes = new TextEncoder().encode(json);

/** An object like a Response. Each read of its body gives one of these chunks. */
function streamed(...chunks) {
  const read = async () => (chunks.length > 0 ? { done: false, value: chunks.shift() } : { done: true });
  return { status: 200, headers: new Headers(), body: { getReader: () => ({ read, cancel() {} }) } };
}

function streamedBy(getReader) {
  return { status: 200, headers: new Headers(), body: { getReader } };
}

const brokenOff = "No answer from Daraja: its body broke off";
for (const [what, response] of Object.entries({
  "a text that rejects": { status: 200, text: () => Promise.reject(new Error("text")) },
  "an arrayBuffer that rejects": { status: 200, arrayBuffer: () => Promise.reject(new Error("buffer")) },
  "a text of undefined": { status: 200, text: async () => undefined },
  "a reader without read": streamedBy(() => ({})),
  "a read that throws": streamedBy(() => ({
    read() {
      throw new Error("read");
    },
  })),
  "a read that gives undefined": streamedBy(() => ({ read: async () => undefined })),
  "a read without a value": streamedBy(() => ({ read: async () => ({ done: false }) })),
  "chunks of text": streamed(json),
  "chunks of numbers": streamed(1, 2, 3),
  "chunks of arrays": streamed([...bytes]),
  "chunks of nothing": streamed(null),
})) {
  test(`${what} gives NETWORK`, () => rejects(generateToken({ ...valid, fetch: () => response }), network, brokenOff));
}

test("a stream that breaks off gives NETWORK, with its error as the cause", async () => {
  const thrown = new Error("ECONNRESET");
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 9));
    },
    pull(controller) {
      controller.error(thrown);
    },
  });
  const error = await rejects(generateToken({ ...valid, fetch: async () => new Response(body) }), network, brokenOff);
  assert.equal(error.cause, thrown);
});

test("a stream that broke before the call read it gives NETWORK", () => {
  const body = new ReadableStream({
    start(controller) {
      controller.error(new Error("broken"));
    },
  });
  return rejects(generateToken({ ...valid, fetch: async () => new Response(body) }), network, brokenOff);
});

for (const [what, chunks] of Object.entries({
  "one byte at a time": [...bytes].map((byte) => Uint8Array.of(byte)),
  "views into a larger buffer": [0, 20, 40, 60].map(
    (at) => new Uint8Array(padded(), 8 + at, Math.min(20, bytes.length - at)),
  ),
  "Node's Buffers": [Buffer.from(json)],
  "chunks with empty ones between them": [new Uint8Array(), bytes, new Uint8Array()],
})) {
  test(`a body in ${what} is read`, async () => {
    const token = await generateToken({ ...valid, fetch: async () => streamed(...chunks) });
    assert.deepEqual(Object.keys(token), ["accessToken", "expiresIn", "expiresAt"]);
    assert.equal(token.accessToken, accessToken);
  });
}

function padded() {
  const buffer = new ArrayBuffer(8 + bytes.length + 8);
  new Uint8Array(buffer).set(bytes, 8);
  return buffer;
}

test("the bytes of one character may come in two chunks", async () => {
  const text = new TextEncoder().encode("café Ω");
  const chunks = [...text].map((byte) => Uint8Array.of(byte));
  const fetch = async () => ({ ...streamed(...chunks), status: 500 });
  const message = "Daraja is not available (HTTP 500): café Ω";
  await rejects(generateToken({ ...valid, fetch }), "ERR_DARAJA_UNAVAILABLE", message);
});

const tooLong = "Expected a token from Daraja, found a body over 64 KiB";
for (const [what, chunk] of Object.entries({
  "empty chunks": new Uint8Array(),
  "small chunks": new Uint8Array(100),
  "chunks of a gigabyte": new Uint8Array(new ArrayBuffer(2 ** 30)),
})) {
  test(`an endless stream of ${what} is cancelled, and the call fails`, async () => {
    let cancelled = 0;
    const reader = { read: async () => ({ done: false, value: chunk }), cancel: () => cancelled++ };
    const fetch = async (_url, { signal }) => {
      signal.addEventListener("abort", () => cancelled++);
      return streamedBy(() => reader);
    };
    await rejects(generateToken({ ...valid, fetch }), malformed, tooLong);
    assert.equal(cancelled, 2, "the stream and the request");
  });
}

test("a call ends with the same error if the reader's cancel throws, rejects or is missing", async () => {
  for (const cancel of [
    () => {
      throw new Error("cancel");
    },
    () => Promise.reject(new Error("cancel")),
    undefined,
  ]) {
    const reader = { read: async () => ({ done: false, value: new Uint8Array(70_000) }), cancel };
    await rejects(generateToken({ ...valid, fetch: async () => streamedBy(() => reader) }), malformed, tooLong);
  }
});

test("a body of 64 KiB is accepted, and a body of one byte more is refused", async () => {
  const exact = json + " ".repeat(65_536 - json.length);
  for (const respond of [
    (text) => new Response(text),
    (text) => ({ status: 200, text: async () => text }),
    (text) => ({ status: 200, arrayBuffer: async () => new TextEncoder().encode(text).buffer }),
  ]) {
    assert.equal((await generateToken({ ...valid, fetch: async () => respond(exact) })).accessToken, accessToken);
    await rejects(generateToken({ ...valid, fetch: async () => respond(`${exact} `) }), malformed, tooLong);
  }
});
