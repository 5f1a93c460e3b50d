// The files in deploy/: judged by the programs that read them, as far as this machine has those.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { needs } from "../stores/engines/program.mjs";
import { root } from "../support/packed.mjs";
import { servers } from "./servers.mjs";

const { load, folder } = servers("deploy");
const deploy = join(root, "deploy");
const FILES = ["Dockerfile", "compose.yaml", "kubernetes.yaml", "systemd/daraja-auth.service"];

const judged = (program, args, options) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  assert.equal(status, 0, stdout + stderr);
  return stdout + stderr;
};

test("systemd takes the units, and finds the service well confined", needs("systemd-analyze"), () => {
  const units = join(folder, "units");
  rmSync(units, { recursive: true, force: true });
  mkdirSync(units);
  for (const name of ["daraja-auth.socket", "daraja-auth.service"]) {
    copyFileSync(join(deploy, "systemd", name), join(units, name));
  }
  const service = join(units, "daraja-auth.service");
  writeFileSync(service, readFileSync(service, "utf8").replace("/usr/bin/node", process.execPath));
  assert.doesNotMatch(judged("systemd-analyze", ["verify", service]), /daraja/);
  const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(
    judged("systemd-analyze", ["security", "--offline=true", service]),
  );
  assert.ok(Number(exposure) < 2.5, exposure);
});

test("the Kubernetes manifest is one, and its container has no rights", needs("kubectl"), () => {
  const home = join(folder, "kustomize");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  copyFileSync(join(deploy, "kubernetes.yaml"), join(home, "kubernetes.yaml"));
  writeFileSync(join(home, "kustomization.yaml"), "resources: [kubernetes.yaml]\n");
  const manifest = judged("kubectl", ["kustomize", home]);
  for (const line of ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false"]) {
    assert.ok(manifest.includes(line), line);
  }
});

test("the image's last stage has a user without rights and a health check", () => {
  const text = readFileSync(join(deploy, "Dockerfile"), "utf8");
  const last = text.slice(text.lastIndexOf("FROM "));
  assert.match(last, /^USER nonroot$/m);
  assert.match(last, /^HEALTHCHECK .*\/livez/m);
  for (const [, json] of last.matchAll(/(?:ENTRYPOINT|CMD) (\[.*\])$/gm)) assert.ok(Array.isArray(JSON.parse(json)));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.ok(text.includes(`ARG PACKAGE=daraja-auth@${version}\n`));
});

test("every option and variable in the files is one that the command knows", async () => {
  const { options } = await load("bin/serve.js");
  for (const file of FILES) {
    const text = readFileSync(join(deploy, file), "utf8").replace(/^#.*$/gm, "");
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
