// Serves the demo page to a browser that opens the simulator's address. The simulator answers all other requests.
import { readFileSync } from "node:fs";
import { HEADERS, isForHere, isFromPage } from "./guard.js";

const PKG = new URL("../../pkg/", import.meta.url);
/**
 * The files that the page loads, by their paths below /demo/. `daraja-auth/` has the entries of the package.
 *
 * @type {Record<string, [string, string]>}
 */
const FILES = {
  "page.js": ["page/page.js", "text/javascript; charset=utf-8"],
  "page.css": ["page/page.css", "text/css; charset=utf-8"],
  "favicon.svg": ["page/favicon.svg", "image/svg+xml"],
  "daraja-auth/index.js": ["index.js", "text/javascript; charset=utf-8"],
  "daraja-auth/simulator.js": ["simulator.js", "text/javascript; charset=utf-8"],
};
const ROOT = "/demo/";

/**
 * A function that answers requests for the page. It returns undefined for a request to the simulator. Only a request
 * whose Host names this machine gets the page, because the page shows keys and moves the clock.
 *
 * @param {Record<string, (question: any, origin: string) => unknown>} endpoints
 */
export function pageFor(endpoints) {
  return async function answer(/** @type {Request} */ request) {
    const { pathname, port, origin } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    if (!isForHere({ headers }, Number(port || 80))) return undefined;
    const isRead = request.method === "GET";
    if (pathname === "/" && isRead && headers.accept?.includes("text/html")) {
      return send(indexPage(), "text/html; charset=utf-8");
    }
    if (!pathname.startsWith(ROOT)) return undefined;
    const name = pathname.slice(ROOT.length);
    if (isRead && Object.hasOwn(FILES, name)) {
      const [file, type] = FILES[name];
      return send(readFileSync(new URL(file, PKG)), type);
    }
    if (request.method !== "POST" || !Object.hasOwn(endpoints, name)) return undefined;
    if (!isFromPage({ headers })) return refuse(403, "Only the page of this simulator may ask that.");
    const question = await questionOf(request);
    if (!question) return refuse(400, "Expected a JSON object.");
    return send(JSON.stringify(await endpoints[name](question, origin)), "application/json");
  };
}

/** The page, with the mode for this server. */
const indexPage = () =>
  readFileSync(new URL("page/index.html", PKG), "utf8").replace(
    'name="daraja-mode" content="static"',
    'name="daraja-mode" content="simulator"',
  );

/**
 * @param {string | Uint8Array<ArrayBuffer>} body
 * @param {string} type
 */
const send = (body, type, status = 200) =>
  new Response(body, { status, headers: { ...HEADERS, "Content-Type": type } });
/**
 * @param {number} status
 * @param {string} why
 */
const refuse = (status, why) => send(`${why}\n`, "text/plain; charset=utf-8", status);

/** @param {Request} request */
async function questionOf(request) {
  try {
    const value = await request.json();
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
