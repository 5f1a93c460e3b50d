// Judges the version of Node and the variables that change what it does.
import { fail, ok, warn } from "./finding.js";

const OLDEST_NODE = 20;

/**
 * Whether WebAssembly and its memory can be used: the package's module needs both. With `--jitless` there is no
 * WebAssembly, and a host that limits the address space (`ulimit -v`) refuses the memory.
 *
 * @typedef {"there" | "missing" | "without memory"} Wasm
 */

/** @returns {Wasm} */
export function wasmHere() {
  if (typeof WebAssembly !== "object") return "missing";
  try {
    new WebAssembly.Memory({ initial: 1 });
    return "there";
  } catch {
    return "without memory";
  }
}

/**
 * @param {object} machine
 * @param {string} machine.node
 * @param {boolean} machine.hasFetch
 * @param {Wasm} machine.wasm
 * @param {string[]} machine.proxies
 * @param {boolean} machine.asksForProxies
 * @param {boolean} machine.trustsAnybody
 */
export function judgeMachine({ node, hasFetch, wasm, proxies, asksForProxies, trustsAnybody }) {
  /** @type {import("./finding.js").Finding[]} */
  const findings = [];
  if (Number.parseInt(node, 10) < OLDEST_NODE || !hasFetch) {
    const message = `Node ${node} is too old, or has no fetch`;
    findings.push(fail("node", "node-too-old", message, `Install Node ${OLDEST_NODE} or later.`));
  } else findings.push(ok("node", `Node ${node}, with fetch`));
  if (wasm === "missing") {
    findings.push(fail("wasm", "wasm-missing", "this Node has no WebAssembly", "Start Node without --jitless."));
  } else if (wasm === "without memory") {
    const message = "WebAssembly gets no memory here: this host limits the address space";
    const remedy = "Set NODE_OPTIONS=--disable-wasm-trap-handler, or raise the limit (ulimit -v).";
    findings.push(fail("wasm", "wasm-memory", message, remedy));
  }
  if (proxies.length > 0 && !(asksForProxies && heedsProxies(node))) {
    const remedy =
      "If this network needs the proxy, set NODE_USE_ENV_PROXY=1 (Node 22.21, or 24 and later). Or use the fetch of " +
      "daraja-auth/node, as this command does: it uses the proxy from Node 22.21 and 24.5 on.";
    const message = `${proxies.join(", ")}: set, but Node's fetch does not use it`;
    findings.push(warn("proxy", "proxy-ignored", message, remedy));
  }
  if (trustsAnybody) {
    const message = "NODE_TLS_REJECT_UNAUTHORIZED=0: anyone on the way can pose as Daraja and read the secret";
    const remedy = "Unset it. To trust a proxy, name its certificate in NODE_EXTRA_CA_CERTS.";
    findings.push(warn("tls", "certificates-unchecked", message, remedy));
  }
  return findings;
}

/** @param {string} node */
function heedsProxies(node) {
  const [major, minor] = node.split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 21);
}
