// An option that is wrong, missing or throws gives an error that names it, before any request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { credentials, granted, installed, rejects } from "../../support/installed.mjs";

const { generateToken, DarajaError } = await installed("options");
const invalid = "ERR_DARAJA_INVALID_OPTION";

/** Options whose fetch must not be called. */
const unsent = {
  ...credentials,
  fetch: () => assert.fail("a request was sent"),
};

async function refuses(options, message, hint) {
  const error = await rejects(generateToken(options), invalid, message, { retryable: false });
  if (hint !== undefined) assert.equal(error.hint, hint);
  assert.ok(error instanceof DarajaError);
  assert.deepEqual(Object.keys(error), ["code", "retryable", "hint"]);
}

for (const [what, options] of Object.entries({
  undefined: undefined,
  null: null,
  "a number": 7,
  NaN: Number.NaN,
  "a bigint": 10n,
  "a boolean": true,
  "a string": "consumerKey",
  "a symbol": Symbol("options"),
  "a function": () => unsent,
  "a class": class {},
})) {
  test(`${what} as options is refused`, () => refuses(options, "options: expected an object, found something else"));
}

test("an array as options is refused", () => refuses([], "unknown option length"));

for (const [what, options] of Object.entries({
  "an empty object": {},
  "an object without a prototype": Object.create(null),
  "a promise of options": Promise.resolve(unsent),
  "a Map": new Map(Object.entries(credentials)),
  "a proxy that is revoked": revoked(),
})) {
  const found = what.endsWith("revoked") ? "a property that throws when it is read" : "undefined";
  test(`${what} as options gives an error about consumerKey`, () =>
    refuses(options, `consumerKey: expected a string, found ${found}`));
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const types = {
  consumerKey: "a string",
  consumerSecret: "a string",
  environment: "a string",
  baseUrl: "a string",
  path: "a string",
  fetch: "a function",
  signal: "an AbortSignal",
  timeoutMs: "a number",
  retries: "a number",
};
for (const [name, expected] of Object.entries(types)) {
  for (const thrown of [new Error("a getter of the caller's"), undefined, null]) {
    test(`a getter of ${name} that throws ${thrown} is refused`, () => {
      const options = Object.defineProperty({ ...unsent }, name, {
        get() {
          throw thrown;
        },
      });
      return refuses(options, `${name}: expected ${expected}, found a property that throws when it is read`);
    });
  }
  test(`null as ${name} is refused`, () =>
    refuses({ ...unsent, [name]: null }, `${name}: expected ${expected}, found null`));
  test(`an object as ${name} is refused`, () =>
    refuses(
      { ...unsent, [name]: { valueOf: () => 1, toString: () => "x" } },
      `${name}: expected ${expected}, found an object`,
    ));
}

test("an optional option that is undefined counts as missing", async () => {
  const left = { environment: undefined, baseUrl: undefined, path: undefined, signal: undefined };
  const token = await generateToken({
    ...credentials,
    fetch: async () => granted(),
    ...left,
    timeoutMs: undefined,
    retries: undefined,
  });
  assert.equal(token.expiresIn, 3599);
});

test("an error does not show a consumer key that was given as the name of an option or as the environment", async () => {
  await refuses({ ...unsent, [credentials.consumerKey]: 1 }, "unknown option [redacted]");
  await refuses(
    { ...unsent, environment: credentials.consumerKey },
    'environment: expected "sandbox" or "production", found [redacted]',
  );
});

test("options may be inherited, and symbols and unknown inherited properties are ignored", async () => {
  const base = { ...credentials, fetch: async () => granted(), unknown: 1 };
  const options = Object.assign(Object.create(base), { [Symbol("mine")]: 1 });
  assert.equal((await generateToken(options)).expiresIn, 3599);
});

test("frozen options, and a proxy without traps, are accepted", async () => {
  const options = Object.freeze({ ...credentials, fetch: async () => granted() });
  assert.equal((await generateToken(options)).expiresIn, 3599);
  assert.equal((await generateToken(new Proxy(options, {}))).expiresIn, 3599);
});

test("each property is read once", async () => {
  const read = [];
  const target = { ...credentials, fetch: async () => granted() };
  const get = (object, name) => {
    read.push(name);
    return object[name];
  };
  await generateToken(new Proxy(target, { get }));
  // A missing option is not read, because only Object.prototype could have it.
  assert.deepEqual(read, Object.keys(target));
});

test("a later change to the options object has no effect", async () => {
  const options = { ...credentials, fetch: async () => granted() };
  const call = generateToken(options);
  options.consumerSecret = null;
  options.fetch = null;
  assert.equal((await call).expiresIn, 3599);
});

const traps = ["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf"];
test("a proxy whose traps throw is refused", () => {
  const handler = Object.fromEntries(
    traps.map((trap) => [
      trap,
      () => {
        throw new Error(trap);
      },
    ]),
  );
  const message = "consumerKey: expected a string, found a property that throws when it is read";
  return refuses(new Proxy({ ...unsent }, handler), message);
});

test("if the ownKeys trap of a proxy lies, the names that it gives are checked", async () => {
  const target = { ...credentials, fetch: async () => granted() };
  assert.equal((await generateToken(new Proxy(target, { ownKeys: () => [] }))).expiresIn, 3599);
  await refuses(new Proxy({ ...unsent }, { ownKeys: () => ["other"] }), "unknown option other");
});

test("half a surrogate pair is refused, and a whole one is sent as UTF-8", async () => {
  for (const half of ["\ud83d", "\ude00", "\ude00\ud83d", "key\ud83d!"]) {
    for (const name of ["consumerKey", "consumerSecret"]) {
      await refuses(
        { ...unsent, [name]: half },
        `${name}: expected a string, found a string with half a surrogate pair`,
      );
    }
  }
  let sent;
  const fetch = async (_url, { headers }) => {
    sent = headers.Authorization;
    return granted();
  };
  await generateToken({ consumerKey: "k", consumerSecret: "\u{1f600}", fetch });
  assert.equal(sent, `Basic ${Buffer.from("k:\u{1f600}").toString("base64")}`);
});

test("a string of 65,536 characters is accepted, and a longer one is refused", async () => {
  const token = await generateToken({
    ...credentials,
    consumerSecret: "s".repeat(65_536),
    fetch: async () => granted(),
  });
  assert.equal(token.expiresIn, 3599);
  await refuses(
    { ...unsent, consumerSecret: "s".repeat(65_537) },
    "consumerSecret: expected a string, found a string of over 65536 characters",
  );
});

test("a string of half a gigabyte is refused without a copy of it", async () => {
  const huge = "s".repeat(2 ** 29 - 24);
  const before = process.memoryUsage.rss();
  const found = "found a string of over 65536 characters";
  for (const name of ["consumerKey", "consumerSecret", "environment", "baseUrl", "path"]) {
    await refuses({ ...unsent, [name]: huge }, `${name}: expected a string, ${found}`);
  }
  await refuses({ ...unsent, timeoutMs: huge }, `timeoutMs: expected a number, ${found}`);
  assert.ok(process.memoryUsage.rss() - before < 2 ** 28, "memory");
});

test("each usual mistake in a key or secret has its own message and hint", async () => {
  const trim = "Trim it (spaces often come from copy and paste or an .env file).";
  const unquote = "Remove them (they often come from an .env file or a shell).";
  for (const [value, found, hint] of [
    ["", "is an empty string", "If it comes from an environment variable, that variable is set to nothing."],
    ["undefined", 'is the text "undefined" or "null"', "A missing value became a text. Set the environment variable."],
    [" x", "has whitespace around it", trim],
    ["x\n", "has whitespace around it", trim],
    ['"x"', "has quotation marks around it", unquote],
    ["x\ny", "has a control character in it", "Copy the value again. It may hold a line break."],
  ]) {
    for (const name of ["consumerKey", "consumerSecret"])
      await refuses({ ...unsent, [name]: value }, `${name} ${found}`, hint);
  }
  await refuses(
    { ...unsent, consumerKey: "a:b" },
    "consumerKey has a colon in it",
    "A key has none. Key and secret are two options.",
  );
  await rejects(
    generateToken({ consumerKey: process.env.DARAJA_NO_SUCH_VARIABLE }),
    invalid,
    "consumerKey: expected a string, found undefined",
    {
      hint: "If it comes from process.env, that environment variable is not set here.",
    },
  );
});

test("an address to which no credentials may be sent, or an unknown environment, is refused", async () => {
  const https = "baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found";
  for (const [options, message] of [
    [{ baseUrl: "" }, "baseUrl: expected a string, found a string that is no URL"],
    [{ baseUrl: "sandbox.safaricom.co.ke" }, "baseUrl: expected a string, found a string that is no URL"],
    [{ baseUrl: "https://" }, "baseUrl: expected a string, found a string that is no URL"],
    [{ baseUrl: "http://sandbox.safaricom.co.ke" }, `${https} another scheme or host`],
    [{ baseUrl: "http://localhost.example" }, `${https} another scheme or host`],
    [{ baseUrl: "http://127.0.0.1@evil.example" }, `${https} a user name or password in it`],
    [{ baseUrl: "https://key:secret@h" }, `${https} a user name or password in it`],
    [{ baseUrl: "https://h?x=1" }, `${https} a query in it`],
    [{ baseUrl: "https://h#x" }, `${https} a fragment in it`],
    [{ baseUrl: "https://h\\evil" }, `${https} a character that no URL has`],
    [
      { path: "//evil.example/\\x" },
      "path: expected a path such as /oauth/v1/generate, found a character that no URL has",
    ],
    [
      { path: "@evil.example" },
      "path: expected a path such as /oauth/v1/generate, found a user name or password in it",
    ],
    [
      { path: ".evil.example" },
      "path: expected a path such as /oauth/v1/generate, found one without a slash before it",
    ],
    [{ path: "/x?y" }, "path: expected a path such as /oauth/v1/generate, found a query in it"],
    [{ environment: "staging" }, 'environment: expected "sandbox" or "production", found staging'],
  ]) {
    await refuses({ ...unsent, ...options }, message);
  }
});

test("without a global fetch and without the option fetch, the error names the option", async () => {
  const { fetch } = globalThis;
  try {
    globalThis.fetch = undefined;
    await refuses(credentials, "fetch: expected a function, found no global fetch in this runtime");
    const token = await generateToken({ ...credentials, fetch: async () => granted() });
    assert.equal(token.expiresIn, 3599);
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a getter that itself asks for a token disturbs neither call", async () => {
  let inner;
  const options = {
    ...credentials,
    get fetch() {
      inner ??= generateToken({ ...credentials, fetch: async () => granted("60") });
      return async () => granted();
    },
  };
  assert.equal((await generateToken(options)).expiresIn, 3599);
  assert.equal((await inner).expiresIn, 60);
});
