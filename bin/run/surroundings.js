// The variables that tell a program of the proxy and of its certificate authority, and the files that they name.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { rootCertificates } from "node:tls";

/** The file of these variables replaces a program's own authorities, so it must contain those, too. */
const BUNDLES = ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "PIP_CERT"];
/** The file of these variables is added to a program's own authorities. */
const EXTRAS = ["NODE_EXTRA_CA_CERTS", "DENO_CERT"];

/**
 * Makes the files in a new folder, and returns the variables. `remove` removes the files. They hold only certificates,
 * which are public. No key is ever written.
 *
 * @param {{ url: string, certificate: string, env: NodeJS.ProcessEnv }} given
 */
export function surroundingsOf({ url, certificate, env }) {
  const folder = mkdtempSync(join(tmpdir(), "daraja-auth-run-"));
  const extra = join(folder, "authority.pem");
  writeFileSync(extra, certificate + contentOf(env.NODE_EXTRA_CA_CERTS));
  const bundle = join(folder, "authorities.pem");
  const own = BUNDLES.map((name) => contentOf(env[name]));
  writeFileSync(bundle, [certificate, ...new Set(own), ...rootCertificates].filter(Boolean).join("\n"));
  // PHP reads its own settings first, because an empty name in the list means its default folder.
  const ini = join(folder, "php");
  mkdirSync(ini);
  writeFileSync(join(ini, "daraja-auth.ini"), `curl.cainfo = "${bundle}"\nopenssl.cafile = "${bundle}"\n`);
  return {
    variables: {
      HTTPS_PROXY: url,
      https_proxy: url,
      // This makes Node's fetch use HTTPS_PROXY, from 22.21 and 24.0 on.
      NODE_USE_ENV_PROXY: "1",
      PHP_INI_SCAN_DIR: `${env.PHP_INI_SCAN_DIR ?? ""}${delimiter}${ini}`,
      ...without(env, "NO_PROXY"),
      ...without(env, "no_proxy"),
      ...Object.fromEntries(BUNDLES.map((name) => [name, bundle])),
      ...Object.fromEntries(EXTRAS.map((name) => [name, extra])),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * The variable with the hosts that are reached without a proxy, but without Daraja's hosts.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @returns {Record<string, string>}
 */
function without(env, name) {
  const list = env[name];
  if (list === undefined) return {};
  const hosts = list.split(/[\s,]+/).filter((host) => host !== "*" && !/(^|\.)safaricom\.co\.ke$|^\.?ke$/i.test(host));
  return { [name]: hosts.join(",") };
}

/** @param {string | undefined} file */
function contentOf(file) {
  if (!file) return "";
  try {
    return `\n${readFileSync(file, "utf8")}`;
  } catch {
    // The program could not read the file either.
    return "";
  }
}
