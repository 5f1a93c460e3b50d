// daraja-auth token: where it finds the credentials, which host it asks, and what it prints.
import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { certificate } from "../support/certificate.mjs";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { nodes, on } from "../support/runtimes.mjs";
import { commandLine, hosts } from "./cli.mjs";

const pair = { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
const { folder, run, start } = commandLine("token");
let daraja;
let variables;
before(async () => {
  daraja = await startDaraja();
  variables = { ...pair, DARAJA_BASE_URL: daraja.baseUrl };
});
after(() => daraja.close());

/** The token that the server will grant next. */
const next = () => `c9SQxWWhmdVRlyh0zh8gZDTk${String(daraja.issued + 1).padStart(4, "0")}`;
const wrong = "wrong";
const write = (name, text) => writeFileSync(join(folder, name), text);

/** Checks for a success: this text on stdout, and nothing on stderr. */
async function prints(expected, args, env) {
  assert.deepEqual(await run(["token", ...args], env), { code: 0, stdout: `${expected}\n`, stderr: "" });
}

/** Checks for a failure: nothing on stdout, and these lines on stderr. */
async function fails(code, lines, args, env) {
  const { stderr, ...rest } = await run(["token", ...args], env);
  assert.deepEqual(rest, { code, stdout: "" }, stderr);
  const printed = stderr.trimEnd().split("\n");
  assert.equal(printed.length, lines.length, stderr);
  for (const [i, line] of lines.entries()) {
    if (typeof line === "string") assert.equal(printed[i], line);
    else assert.match(printed[i], line);
  }
}

test("it prints a token, and nothing else", () => prints(next(), [], variables));

for (const node of nodes) {
  test(`it prints a token on ${node.name} (${node.version})`, on(node), async () => {
    const expected = next();
    assert.deepEqual(await run(["token"], variables, node.path), { code: 0, stdout: `${expected}\n`, stderr: "" });
  });
}

test("--header prints the whole header", () => prints(`Authorization: Bearer ${next()}`, ["--header"], variables));

test("--json prints the token and its lifetime", async () => {
  const accessToken = next();
  const earliest = Date.now() + 3_599_000;
  const { code, stdout, stderr } = await run(["token", "--json"], variables);
  const latest = Date.now() + 3_599_000;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const { expiresAt, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { accessToken, expiresIn: 3599 });
  assert.ok(expiresAt >= earliest && expiresAt <= latest, `${expiresAt}`);
  assert.match(stdout, /^\{.*\}\n$/);
});

test("an MPESA_ variable is used if the DARAJA_ variable is not set", async () => {
  const { DARAJA_CONSUMER_KEY: MPESA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET: MPESA_CONSUMER_SECRET, ...rest } = variables;
  await prints(next(), [], { ...rest, MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET });
  await prints(next(), [], { ...variables, MPESA_CONSUMER_KEY: wrong, MPESA_CONSUMER_SECRET: wrong });
  await prints(next(), [], { ...variables, DARAJA_CONSUMER_KEY: undefined, MPESA_CONSUMER_KEY });
});

test("each value in the file of --dotenv overrides the environment", async () => {
  write("all.env", `DARAJA_CONSUMER_KEY=${consumerKey}\nDARAJA_CONSUMER_SECRET="${consumerSecret}"\nOTHER=1\n`);
  write("secret.env", `export MPESA_CONSUMER_SECRET='${consumerSecret}'\r\n`);
  const { DARAJA_BASE_URL } = variables;
  await prints(next(), ["--dotenv", "all.env"], { DARAJA_BASE_URL });
  await prints(next(), ["--dotenv", "all.env"], {
    DARAJA_BASE_URL,
    DARAJA_CONSUMER_KEY: wrong,
    MPESA_CONSUMER_KEY: wrong,
  });
  await prints(next(), ["--dotenv", "secret.env"], { ...variables, DARAJA_CONSUMER_SECRET: wrong });
  write("base.env", `DARAJA_BASE_URL=${DARAJA_BASE_URL}\n`);
  await prints(next(), ["--dotenv=base.env"], { ...pair, DARAJA_BASE_URL: "http://127.0.0.1:1" });
});

test("the folder's .env is read and named, unless the environment has a key or a secret, or --no-dotenv is given", async (t) => {
  t.after(() => rmSync(join(folder, ".env")));
  const { DARAJA_BASE_URL } = variables;
  const all = `DARAJA_CONSUMER_KEY=${consumerKey}\nDARAJA_CONSUMER_SECRET=${consumerSecret}\n`;
  write(".env", `${all}DARAJA_BASE_URL=${DARAJA_BASE_URL}\n`);
  const said = "Reading .env in this folder; --no-dotenv leaves it out.\n";
  const { stderr, code } = await run(["token"]);
  assert.deepEqual([code, stderr], [0, said]);
  await fails(2, [/not set, and there is no terminal/, /^Set /], ["--no-dotenv"], {});
  // The pair comes from the environment. A .env in a stranger's folder must not send it to another host.
  write(".env", "DARAJA_BASE_URL=http://127.0.0.1:1\nDARAJA_STORE=file:elsewhere\n");
  await prints(next(), [], variables);
  // .env does not change a target that the environment has chosen.
  write(".env", `${all}DARAJA_BASE_URL=http://127.0.0.1:1\n`);
  const redirected = hosts({ sandbox: DARAJA_BASE_URL, production: "http://127.0.0.1:1" });
  assert.equal((await run(["token"], { ...redirected, DARAJA_ENVIRONMENT: "sandbox" })).code, 0);
  await fails(2, [/--dotenv and --no-dotenv exclude each other/, /./], ["--dotenv", "x", "--no-dotenv"], {});
});

test("a warning names a variable that seems to choose an environment, if no variable chooses one", async () => {
  const { DARAJA_BASE_URL, ...rest } = variables;
  const redirected = { ...rest, ...hosts({ sandbox: DARAJA_BASE_URL, production: "http://127.0.0.1:1" }) };
  const { code, stderr } = await run(["token"], { ...redirected, MPESA_ENV: "production" });
  const sentence =
    "MPESA_ENV: set, but not read. Daraja's sandbox is asked. Set DARAJA_ENVIRONMENT or --environment.\n";
  assert.deepEqual([code, stderr], [0, sentence]);
});

test("the error for --environment prod asks whether it means production", async () => {
  const sentence = "--environment: expected sandbox or production, found something else; did you mean production?";
  await fails(2, [`ERR_DARAJA_INVALID_OPTION: ${sentence}`, /./], ["--environment", "prod"], variables);
});

test("values on Object.prototype are neither options nor variables", async () => {
  const evil = "http://127.0.0.1:1";
  const names = {
    baseUrl: evil,
    DARAJA_BASE_URL: evil,
    environment: "production",
    DARAJA_STORE: "file:evil",
    json: true,
  };
  const all = JSON.stringify({ ...names, dotenv: "none.env" });
  // They are not enumerable, because bundled CommonJS lists its exports by for…in.
  const each = "Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true })";
  write("pollute.mjs", `for (const [name, value] of Object.entries(${all})) ${each};\n`);
  await prints(next(), [], { ...variables, NODE_OPTIONS: "--import=./pollute.mjs" });
});

test("a byte order mark at the beginning of the file is ignored", async () => {
  write("mark.env", `\ufeffDARAJA_CONSUMER_SECRET=${consumerSecret}\n`);
  await prints(next(), ["--dotenv", "mark.env"], { ...variables, DARAJA_CONSUMER_SECRET: wrong });
});

for (const [what, name, text, why, hint] of [
  [
    "that does not exist",
    "none.env",
    undefined,
    "cannot read none.env: there is no such file",
    /^A relative path begins in the folder you are in\.$/m,
  ],
  [
    "that is a folder",
    "node_modules",
    undefined,
    "cannot read node_modules: it is a folder",
    /^A relative path begins in the folder you are in\.$/m,
  ],
  ["in UTF-16", "wide.env", Buffer.from("\ufeffA=1", "utf16le"), "wide.env is not a text in UTF-8", /PowerShell/],
  ["that is far too long", "long.env", "#".repeat(1_048_577), "long.env has over 1 MiB", /right file/],
]) {
  test(`a file of --dotenv ${what} is a misuse`, async () => {
    if (text) write(name, text);
    await fails(2, [`ERR_DARAJA_INVALID_OPTION: --dotenv: ${why}`, hint], ["--dotenv", name], variables);
  });
}

test("--dotenv on a Node that cannot read such files is a misuse that says so", async () => {
  write("old.mjs", 'import util from "node:util";\nutil.parseEnv = undefined;\n');
  const sentence = `ERR_DARAJA_INVALID_OPTION: --dotenv needs Node 20.12 or later, and this is ${process.versions.node}`;
  const env = { ...variables, NODE_OPTIONS: "--import=./old.mjs" };
  await fails(2, [sentence, /Set the variables in the environment instead/], ["--dotenv", "all.env"], env);
  await prints(next(), [], env);
});

test("each environment has its host, the sandbox is the default, and --environment overrides all variables", async () => {
  const other = await startDaraja();
  try {
    const redirected = { ...pair, ...hosts({ sandbox: daraja.baseUrl, production: other.baseUrl }) };
    const asked = async (args, env) => {
      const before = [daraja.issued, other.issued];
      assert.equal((await run(["token", ...args], { ...redirected, ...env })).code, 0);
      return daraja.issued > before[0] ? "sandbox" : other.issued > before[1] ? "production" : "neither";
    };
    assert.equal(await asked([], {}), "sandbox");
    assert.equal(await asked([], { DARAJA_ENVIRONMENT: "production" }), "production");
    assert.equal(await asked([], { MPESA_ENVIRONMENT: "production" }), "production");
    assert.equal(await asked([], { DARAJA_ENVIRONMENT: "sandbox", MPESA_ENVIRONMENT: "production" }), "sandbox");
    assert.equal(await asked(["--environment", "sandbox"], { DARAJA_ENVIRONMENT: "production" }), "sandbox");
    assert.equal(await asked(["--environment=production"], { DARAJA_BASE_URL: daraja.baseUrl }), "production");
    assert.equal(await asked(["--base-url", daraja.baseUrl], { DARAJA_ENVIRONMENT: "production" }), "sandbox");
    assert.equal(await asked([], { DARAJA_BASE_URL: other.baseUrl, DARAJA_ENVIRONMENT: "sandbox" }), "production");
  } finally {
    await other.close();
  }
});

test("missing credentials without a terminal are a misuse that names the variables", async () => {
  const [key, secret] = Object.keys(pair);
  const missing = (names, env) =>
    fails(
      2,
      [
        `ERR_DARAJA_INVALID_OPTION: ${names}: not set, and there is no terminal to ask on`,
        `Set ${names}, or name a file that sets them: --dotenv FILE. Both values are in My Apps on the Daraja portal.`,
      ],
      [],
      env,
    );
  await missing(`${key} and ${secret}`, {});
  await missing(secret, { [key]: consumerKey });
  await missing(key, { MPESA_CONSUMER_SECRET: consumerSecret });
});

test("an invalid value is a misuse, and the error names the option or the variable that the user has set", async () => {
  const before = daraja.requests.length;
  await fails(2, [`ERR_DARAJA_INVALID_OPTION: DARAJA_CONSUMER_KEY is an empty string`, /set to nothing/], [], {
    ...variables,
    DARAJA_CONSUMER_KEY: "",
  });
  await fails(2, [`ERR_DARAJA_INVALID_OPTION: MPESA_CONSUMER_SECRET has whitespace around it`, /Trim it/], [], {
    ...variables,
    DARAJA_CONSUMER_SECRET: undefined,
    MPESA_CONSUMER_SECRET: `${consumerSecret} `,
  });
  await fails(
    2,
    [
      'ERR_DARAJA_INVALID_OPTION: DARAJA_ENVIRONMENT: expected "sandbox" or "production", found another text',
      /baseUrl/,
    ],
    [],
    { ...pair, DARAJA_ENVIRONMENT: "live" },
  );
  await fails(
    2,
    [/^ERR_DARAJA_INVALID_OPTION: --base-url: expected an https URL .*, found another scheme or host$/, /clear text/],
    ["--base-url", "http://daraja.example"],
    pair,
  );
  assert.equal(daraja.requests.length, before, "nothing was sent");
});

test("wrong credentials fail with the status of Daraja's answer and a remedy", () =>
  fails(
    1,
    [
      "ERR_DARAJA_INVALID_CREDENTIALS: Daraja did not accept the consumer key and secret (HTTP 400)",
      /^Compare both with My Apps on the Daraja portal\. They may be those of the other environment/,
    ],
    [],
    { ...variables, DARAJA_CONSUMER_SECRET: wrong },
  ));

test("a host that cannot be reached fails with the cause", async () => {
  const env = { ...pair, ...hosts({ sandbox: "ENOTFOUND" }) };
  const cause = "Cause: ENOTFOUND https://sandbox.safaricom.co.ke";
  const unknown = "Daraja was not found (ENOTFOUND). Check baseUrl, and the network's DNS.";
  await fails(1, ["ERR_DARAJA_NETWORK: No answer from Daraja: fetch failed", unknown, cause], [], env);
  const closed = await startDaraja();
  await closed.close();
  const { port } = new URL(closed.baseUrl);
  const nothing = `127.0.0.1:${port} refused the connection (ECONNREFUSED). Check baseUrl: probably nothing listens there.`;
  const refused = [/^ERR_DARAJA_NETWORK: /, nothing, `Cause: connect ECONNREFUSED 127.0.0.1:${port}`];
  await fails(1, refused, ["--base-url", closed.baseUrl], pair);
});

test("a certificate that is not trusted fails with a remedy, which names NODE_EXTRA_CA_CERTS", async (t) => {
  const { key, cert } = certificate();
  const server = createServer({ key, cert }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address();
  const remedy =
    "Daraja has a certificate that is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT). " +
    "Name its authority's file in NODE_EXTRA_CA_CERTS, and check the machine's clock.";
  const cause = /^Cause: DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate/;
  await fails(1, [/^ERR_DARAJA_NETWORK: /, remedy, cause], ["--base-url", `https://127.0.0.1:${port}`], pair);
});

test("the id of the incident or of the request is printed, because Daraja's support asks for it", async () => {
  const answering = async (name) =>
    (await run(["token", "--base-url", `${daraja.baseUrl}/answers/${name}`], pair)).stderr.trimEnd().split("\n").at(-1);
  assert.equal(await answering("firewall-403-html"), "Incident id: 173000240624511593-8199");
  assert.equal(await answering("invalid-authentication-wild"), "Request id: 4788-81090592-4");
});

test("the command does not load Node's own fetch", async () => {
  const code = 'process.on("exit", () => console.error(process.moduleLoadList.filter((name) => /undici/.test(name))));';
  write("loaded.mjs", code);
  const { stderr } = await run(["token"], { ...variables, NODE_OPTIONS: "--import=./loaded.mjs" });
  assert.equal(stderr, "[]\n");
});

test("if the reader of stdout is gone, no stack is printed, and the exit code says that the token was lost", async () => {
  const running = start(["token"], variables);
  running.stopReading();
  assert.deepEqual(await running.ended, { code: 1, signal: null });
  assert.equal(running.stderr, "");
});
