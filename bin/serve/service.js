// What a server needs to answer: the apps, their stores, and who may ask.
import { baseUrlOf, complete, named, optionsOf } from "../credentials.js";
import { openStore } from "../store.js";
import { Admission } from "./admission.js";
import { Apps } from "./apps.js";
import { Guard } from "./guard.js";
import { Health } from "./health.js";
import { Metrics } from "./metrics.js";

/** How many apps are made at the start. The server then knows the tokens that it gave out before a restart. */
const MADE_AT_START = 32;

/** The app of the environment, of the command line, or of a question. */
export async function ownApp(found) {
  await complete(found);
  const { fetch: _, ...options } = optionsOf(found);
  const { TokenManager } = await import("../../pkg/node.js");
  try {
    // Judged before it is used: the base URL may be none.
    new TokenManager(options).close();
  } catch (error) {
    throw named(error, found);
  }
  const { consumerKey, consumerSecret } = /** @type {any} */ (options);
  return { name: "app", consumerKey, consumerSecret, baseUrl: baseUrlOf(found)?.href };
}

/** The stores that the apps name, each opened once; undefined names the one of the environment. */
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
 * The apps, and the service of a server for them, which lets any program of this machine ask.
 *
 * @param {import("./apps.js").Entry[]} entries
 * @param {{ opened: Map<string | undefined, any>, log: import("./log.js").Log, onEvent?: () => void, proxies?: string[] }} given
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
