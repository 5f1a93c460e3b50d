// The upstream is the source of the tokens. Only main.js and mode.js know which of these it is:
//
//   static                 a simulator in this page
//   simulator              the simulator behind the server of npm start or daraja-auth simulate
//   sandbox, production    Daraja itself, which the server of npm start asks; the server holds the keys
//
// An upstream has
//   apps                     [{ name, environment?, consumerKey, consumerSecret }] of a simulator; otherwise
//                            [{ name, environment, variables }], the names of the server's variables
//   isSimulated              whether it is a simulator, which certainly behaves as Daraja documents
//   isPrecious               whether a new token invalidates one that another program may need
//   place(app)               { baseUrl, environment? }: the address for a developer's own code
//   now()                    its clock, in epoch milliseconds
//   skip(ms)                 a promise: moves that clock; only a simulator can
//   generate(app)            { exchange, token } or { exchange, error }, and never rejects
//   use(app, accessToken)    { api, exchange }, or { api, error }: a harmless call with the token
//   useManaged(app, token)   the same by a TokenManager; only simulators have it
//   shared                   the log and the faults of a simulator that other programs use, too: Page.Shared
import { Daraja } from "./real.js";
import { SimulatorHere, SimulatorThere } from "./simulated.js";

/**
 * The upstream that the page's mode names.
 *
 * @param {string} mode
 * @returns {Promise<Page.Upstream> | Page.Upstream}
 */
export function openUpstream(mode) {
  if (mode === "static") return SimulatorHere.open();
  if (mode === "simulator") return SimulatorThere.open();
  return Daraja.open(mode === "production" ? mode : "sandbox");
}

/** The mode that the server wrote into the page, if one served it. */
export function modeOfPage() {
  const meta = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="daraja-mode"]'));
  return meta.content;
}
