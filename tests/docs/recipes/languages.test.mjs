// Recipes for PHP and Python: Laravel's HTTP client and Django use `daraja-auth serve` in front of a simulated Daraja.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { findPython } from "../../../scripts/python.mjs";
import { run, serve } from "../../support/child.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";
import { blocksOf, filesOf, outcomesOf, recipeProject, variablesOf } from "./recipe.mjs";

/** The folder of Debian's package php-illuminate-http. */
const ILLUMINATE = "/usr/share/php/Illuminate/Http/autoload.php";
const hasLaravel = spawnSync("php", ["-r", `exit((int) !is_file('${ILLUMINATE}'));`]).status === 0;
const python = findPython();
/** node:test's options. If a program is missing the test is skipped, but in CI it runs and fails. */
const unless = (missing) => ({ skip: process.env.CI !== "true" && missing });

describe("the recipe for", () => {
  let daraja;
  let server;
  let env;
  let outcomes;
  before(async () => {
    daraja = await startSimulator("recipes-languages");
    outcomes = outcomesOf(daraja);
    const bin = join(recipeProject("serve", {}), "node_modules/daraja-auth/bin/daraja-auth.js");
    const options = { env: variablesOf(daraja), ready: /http:\/\/127\.0\.0\.1:\d+/ };
    server = await serve(process.execPath, [bin, "serve", "--port", "0", "--no-dotenv"], options);
    env = { ...variablesOf(daraja), DARAJA_URL: server.match[0] };
  });
  after(async () => {
    await server?.stop();
    await daraja.close();
  });

  const laravel = unless(!hasLaravel && "there is no php-illuminate-http here");
  test("Laravel: three payments use one token, and a dead token is replaced", laravel, async () => {
    const files = filesOf("php-laravel");
    const program = `<?php
require '${ILLUMINATE}';
require '/usr/share/php/GuzzleHttp/autoload.php';
function env($name) { return getenv($name); }
function config($name) { return require __DIR__."/config/$name.php"; }
Illuminate\\Support\\Facades\\Http::swap(new Illuminate\\Http\\Client\\Factory);
require __DIR__.'/app/Services/Daraja.php';
foreach (range(1, 3) as $amount) {
    $response = (new App\\Services\\Daraja)->post('/mpesa/b2c/v3/paymentrequest', ['Amount' => $amount]);
    echo $response->status(), ' ', $response->json('ResponseCode'), "\\n";
}
`;
    const cwd = recipeProject("laravel", { ...files, "program.php": program });
    const { stdout, stderr } = await run("php", ["program.php"], { cwd, env });
    assert.equal(stdout, "200 0\n".repeat(3), stderr);
    assert.deepEqual(outcomes(), ["token", "accepted", "accepted", "accepted"]);
    await daraja.generateElsewhere();
    assert.equal((await run("php", ["program.php"], { cwd, env })).stdout, "200 0\n".repeat(3));
    assert.deepEqual(outcomes(), ["token", "dead-token", "token", "accepted", "accepted", "accepted"]);
  });

  test("Django: the view pays with the server's token", unless(python.missing), async () => {
    outcomes();
    const { code: settings } = blocksOf("python-django").find(({ language }) => language === "python");
    const program = `import django
from django.conf import settings
settings.configure(ROOT_URLCONF="urls", ALLOWED_HOSTS=["*"], **{k: v for k, v in vars(__import__("shop_settings")).items() if k.startswith("DARAJA")})
django.setup()
from django.test import Client
for amount in (1, 2):
    answer = Client().post("/pay", {"Amount": amount}, content_type="application/json")
    print(answer.status_code, answer.json()["ResponseCode"])
`;
    const cwd = recipeProject("django", {
      ...filesOf("python-django"),
      "shop_settings.py": settings,
      "urls.py": 'from django.urls import path\nimport views\nurlpatterns = [path("pay", views.pay)]\n',
      "program.py": program,
    });
    const { stdout, stderr } = await run(python.program, ["program.py"], { cwd, env });
    assert.equal(stdout, "202 0\n".repeat(2), stderr);
    assert.deepEqual(
      outcomes().filter((outcome) => outcome !== "token"),
      ["accepted", "accepted"],
    );
  });
});
