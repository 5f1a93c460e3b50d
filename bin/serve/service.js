// The parts that a server needs: the apps, their stores, and the clients that may ask.
import { baseUrlOf, complete, named, optionsOf } from "../credentials.js";
import { openStore } from "../store.js";
import { Admission } from "./admission.js";
import { Apps } from "./apps.js";
import { Guard } from "./guard.js";
import { Health } from "./health.js";
import { Metrics } from "./metrics.js";

/** Up to this many apps are all made at the start. So the server knows the tokens that it issued before a restart. */
const MADE_AT_START = 32;

/** The app from the options, from environment variables, or from questions at the terminal. */
export async function ownApp(found) {
  await complete(found);
  const { fetch: _, ...options } = optionsOf(found);
  const { TokenManager } = await import("../../pkg/node.js");
  try {
    // This checks the options, because the base URL may be invalid.
    new TokenManager(options).close();
  } catch (error) {
    throw named(error, found);
  }
  const { consumerKey, consumerSecret } = /** @type {any} */ (options);
  return { name: "app", consumerKey, consumerSecret, baseUrl: baseUrlOf(found)?.href };
}

/** The stores that the apps name, each opened once. The key undefined is for the store of DARAJA_STORE. */
export async function openStores(entries, found) {
  const opened = new Map([[undefined, await openStore(found)]]);
  for (const { store } of entries) {
    if (!opened.has(store)) opened.set(store, await openStore({ store: [{ name: "store", value: store }] }));
  }
  return opened;
}

export async function closeStores(opened) {
  await Promise.all([...opened.values()].map((store) => store?.close()));
}

/**
 * The apps, and the service of a server for them. Callers limit which host names a request may use.
 *
 * @param {import("./apps.js").Entry[]} entries
 * @param {object} given
 * @param {Map<string | undefined, any>} given.opened the stores
 * @param {import("./log.js").Log} given.log
 * @param {() => void} [given.onEvent]
 * @param {string[]} [given.proxies] the addresses of trusted proxies
 */
export async function makeService(entries, { opened, log, onEvent = () => {}, proxies = [] }) {
  const daraja = await import("../../pkg/node.js");
  const apps = new Apps(entries, {
    daraja,
    storeOf: ({ store }) => opened.get(store),
    onEvent(app, event) {
      metrics.event(app, event);
      onEvent();
    },
  });
  const metrics = new Metrics(() => apps.made());
  if (entries.length <= MADE_AT_START) for (const { name } of entries) apps.get(name);
  /** @type {import("./server.js").Service} */
  const service = {
    log,
    metrics,
    health: new Health(() => apps.made(), [...opened.values()].find(Boolean)),
    admission: new Admission(apps),
    guard: new Guard(proxies),
    hasAdminPort: false,
    isHost: () => true,
  };
  return { apps, service };
}
