// Rules for the files in deploy/, which configure containers, Kubernetes and systemd.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import yaml from "js-yaml";
import { clean } from "../cli/cli.mjs";
import { freePort, needs } from "../stores/engines/program.mjs";
import { run, serve } from "../support/child.mjs";
import { root } from "../support/packed.mjs";
import { servers } from "./servers.mjs";

const { daraja, serve: serveFor, load, folder } = servers("deploy");
const deploy = join(root, "deploy");
const read = (name) => readFileSync(join(deploy, name), "utf8");
const FILES = readdirSync(deploy, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(deploy.length + 1));
/** A name with a full version, so that a later pull gets no newer version. */
const PINNED = /^[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?(@sha256:[\da-f]{64})?$/;

/** The instructions of the Dockerfile, one list for each stage. */
function stages() {
  const lines = read("Dockerfile")
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const found = [];
  for (const line of lines) {
    const [, name, argument] = /^([A-Z]+) (.*)$/.exec(line);
    if (name === "FROM") found.push([]);
    found.at(-1).push({ name, argument });
  }
  return found;
}

test("every image is pinned to a version", () => {
  const [compose] = yaml.loadAll(read("compose.yaml"));
  const [{ spec }] = yaml.loadAll(read("kubernetes.yaml"));
  const ofStages = stages().map(([{ argument }]) => argument.split(" ")[0]);
  const ofCompose = Object.values(compose.services).flatMap(({ image }) => image ?? []);
  const { containers, initContainers } = spec.template.spec;
  // The image of the reader's own program has no version here.
  const ofKubernetes = [...containers, ...initContainers]
    .map(({ image }) => image)
    .filter((image) => !/\/shop:/.test(image));
  for (const image of [...ofStages, ...ofCompose, ...ofKubernetes]) assert.match(image, PINNED);
});

test("the image runs as a user without rights, whose number Kubernetes can check, and has a health check", () => {
  const last = stages().at(-1);
  const of = (name) => last.filter((each) => each.name === name).map(({ argument }) => argument);
  assert.deepEqual(of("USER").length, 1);
  assert.match(of("USER")[0], /^[1-9]\d*:[1-9]\d*$/);
  // Nothing is run or copied after USER. Files come only from the stage before.
  const user = last.findIndex(({ name }) => name === "USER");
  assert.ok(last.slice(user).every(({ name }) => !["RUN", "COPY"].includes(name)));
  assert.ok(of("COPY").every((argument) => argument.startsWith("--from=packages ")));
  assert.deepEqual(of("ADD"), []);
  const [health] = of("HEALTHCHECK");
  assert.match(health, /\/livez/);
  for (const command of [health.replace(/^.*? CMD /, ""), ...of("ENTRYPOINT"), ...of("CMD")]) {
    // A command in the form of a list starts without a shell, so the server itself gets the signals.
    assert.ok(Array.isArray(JSON.parse(command)));
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.ok(
    stages()
      .flat()
      .some(({ name, argument }) => name === "ARG" && argument === `PACKAGE=daraja-auth@${version}`),
  );
});

test("the image's command starts a server, and its health check succeeds until the server ends", async (t) => {
  const port = String(await freePort());
  const { hashOf } = await load("bin/serve/secret.js");
  const clients = join(folder, "clients.json");
  writeFileSync(clients, JSON.stringify([{ name: "shop", secret: await hashOf("of the test") }]));
  const last = stages().at(-1);
  const listOf = (name) =>
    JSON.parse(last.find((each) => each.name === name).argument.replace(/^[^[]*/, "")).map((word) =>
      word.replace("8255", port).replace("/etc/daraja/clients.json", clients),
    );
  const [, ...command] = [...listOf("ENTRYPOINT"), ...listOf("CMD"), "--port", "0"];
  const [, ...check] = listOf("HEALTHCHECK");
  const env = { ...clean, DARAJA_CONSUMER_KEY: "key", DARAJA_CONSUMER_SECRET: "secret", DARAJA_ENVIRONMENT: "sandbox" };
  const server = await serve(process.execPath, command, { ready: /^http:.*\n.*http:.*\n/s, cwd: folder, env });
  t.after(server.stop);
  assert.equal((await run(process.execPath, check)).code, 0);
  await server.stop();
  assert.equal((await run(process.execPath, check)).code, 1);
});

test("the compose file's server has a read-only root and no capabilities; it waits for its store, and the programs wait for the server", () => {
  const [{ services }] = yaml.loadAll(read("compose.yaml"));
  const { daraja, redis, ...programs } = services;
  assert.equal(daraja.read_only, true);
  assert.deepEqual(daraja.cap_drop, ["ALL"]);
  assert.deepEqual(daraja.security_opt, ["no-new-privileges:true"]);
  assert.equal(daraja.ports, undefined, "other machines must not reach it");
  assert.ok(redis.healthcheck);
  assert.deepEqual(daraja.depends_on, { redis: { condition: "service_healthy" } });
  for (const { depends_on } of Object.values(programs)) {
    assert.deepEqual(depends_on, { daraja: { condition: "service_healthy" } });
  }
});

test("the compose file's programs in PHP and Python share one token", needs("php", "python3"), async (t) => {
  const [{ services }] = yaml.loadAll(read("compose.yaml"));
  const { hashOf } = await load("bin/serve/secret.js");
  const clients = join(folder, "clients-of-compose.json");
  const secret = "SecretOfTheClients";
  const hash = await hashOf(secret);
  writeFileSync(clients, JSON.stringify(["shop", "billing"].map((name) => ({ name, secret: hash }))));
  const upstream = await daraja(t);
  const { url, stop } = await serveFor(t, upstream, { args: ["--clients", clients] });
  const programs = { php: "php", python: process.env.PYTHON ?? "python3" };
  // Each run of the test shows it.
  const transcript = ["What the programs printed:"];
  for (const service of [services.shop, services.billing]) {
    const [program, script] = service.command;
    const [from, to] = service.volumes[0].split(":");
    assert.equal(script, to);
    const env = { ...clean, ...service.environment, DARAJA_URL: url, DARAJA_CONSUMER_SECRET: secret };
    const { code, stdout, stderr } = await run(programs[program], [join(deploy, from)], { env });
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.equal(stdout.match(/: HTTP 200, /g).length, 3, stdout);
    transcript.push(...stdout.trim().split("\n"));
  }
  transcript.push("The server's log:", ...(await stop()), "What Daraja did:");
  transcript.push(...upstream.simulator.requests.map((each) => `${each.path} ${each.outcome}, token ${each.token}`));
  for (const line of transcript) t.diagnostic(line);
  assert.equal(upstream.count("token"), 1);
  assert.equal(upstream.count("accepted"), 6);
});

test("the sidecar has a read-only root, no capabilities, limits, probes, and secrets from a Kubernetes Secret", () => {
  const [{ kind, spec }] = yaml.loadAll(read("kubernetes.yaml"));
  assert.equal(kind, "Deployment");
  const pod = spec.template.spec;
  assert.equal(pod.automountServiceAccountToken, false);
  const sidecar = pod.initContainers.find(({ name }) => name === "daraja");
  assert.equal(sidecar.restartPolicy, "Always");
  assert.deepEqual(sidecar.securityContext, {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  });
  assert.ok(sidecar.resources.limits.memory && sidecar.resources.requests.cpu);
  assert.equal(sidecar.livenessProbe.httpGet.path, "/livez");
  assert.equal(sidecar.startupProbe.httpGet.path, "/livez");
  assert.equal(sidecar.readinessProbe.httpGet.path, "/readyz");
  assert.deepEqual(sidecar.envFrom, [{ secretRef: { name: "daraja" } }]);
  assert.deepEqual(
    sidecar.env.map(({ name }) => name),
    ["DARAJA_ENVIRONMENT"],
  );
  assert.deepEqual(spec.template.metadata.annotations["prometheus.io/port"], String(sidecar.ports[0].containerPort));
});

test("systemd accepts the units, and rates the exposure of the service below 2.5", needs("systemd-analyze"), () => {
  const judged = (...args) => {
    const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  };
  const units = join(folder, "units");
  rmSync(units, { recursive: true, force: true });
  mkdirSync(units);
  for (const name of ["daraja-auth.socket", "daraja-auth.service"]) {
    copyFileSync(join(deploy, "systemd", name), join(units, name));
  }
  const service = join(units, "daraja-auth.service");
  writeFileSync(service, readFileSync(service, "utf8").replace("/usr/bin/node", process.execPath));
  assert.doesNotMatch(judged("verify", service), /daraja/);
  const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(judged("security", "--offline=true", service));
  assert.ok(Number(exposure) < 2.5, exposure);
});

test("the unit starts the package that is installed in its working directory", () => {
  const unit = read("systemd/daraja-auth.service");
  const [, folder] = /^WorkingDirectory=(.*)$/m.exec(unit);
  const [, script] = /^ExecStart=\S+ (\S+)/m.exec(unit);
  assert.equal(script, `${folder}/node_modules/daraja-auth/bin/daraja-auth.js`);
});

test("no file contains a secret, or a place to write one into", () => {
  for (const file of FILES) {
    const text = read(file).replace(/^\s*#.*$/gm, "");
    assert.doesNotMatch(text, /(SECRET|PASSWORD|TOKEN)["']?\s*[:=]\s*\S/, file);
    assert.doesNotMatch(text, /CONSUMER_KEY=\S/, file);
  }
});

test("the command knows every option and variable in the files", async () => {
  const { options } = await load("bin/serve.js");
  for (const file of FILES) {
    const text = read(file).replace(/^#.*$/gm, "");
    const ours = text.split("\n").filter((line) => /daraja-auth\.js|"--host"|"--clients"/.test(line));
    for (const [, name] of ours.join("\n").matchAll(/(?<=[\s"])--([a-z-]+)/g)) {
      if (!["omit", "no-audit", "no-fund"].includes(name))
        assert.ok(Object.hasOwn(options, name), `${file}: --${name}`);
    }
    for (const [name] of text.matchAll(/\bDARAJA_(?!URL\b)[A-Z_]+\b/g)) {
      const known = ["CONSUMER_KEY", "CONSUMER_SECRET", "ENVIRONMENT", "STORE", "BASE_URL"];
      assert.ok(known.includes(name.slice("DARAJA_".length)), `${file}: ${name}`);
    }
  }
});
