// A certificate for 127.0.0.1 and daraja.test, for servers over TLS.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let made;

/** A key and its certificate, made once. `file` is the certificate's path. Clients do not trust it by default. */
export function certificate() {
  made ??= makeCertificate();
  return made;
}

/** Makes a new key and certificate. */
export function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), "daraja-certificate-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [key, file] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:daraja.test", "-days", "2"];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...args, "-keyout", key, "-out", file, ...subject], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(file), file };
}
