// The packed package's Simulator behind a real HTTP server, in this process. The test controls its clock and its
// faults.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "./packed.mjs";

/**
 * Starts the server. `name` names its folder. A second start with the same name deletes that folder. The options are
 * the simulator's.
 */
export async function startSimulator(name, options = {}) {
  const folder = project(`simulated-${name}`, { "index.mjs": 'export * from "daraja-auth/simulator";\n' });
  const { Simulator } = await import(pathToFileURL(join(folder, "index.mjs")).href);
  const { listen } = await import(pathToFileURL(join(folder, "node_modules/daraja-auth/bin/listen.js")).href);
  const simulator = new Simulator(options);
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const counts = { waiting: 0, dropped: 0 };
  const { url, close } = await listen(async (request) => {
    counts.waiting += 1;
    try {
      return await simulator.fetch(request);
    } catch (error) {
      counts.dropped += 1;
      throw error;
    } finally {
      counts.waiting -= 1;
    }
  });
  return {
    simulator,
    app: { consumerKey, consumerSecret },
    baseUrl: url,
    /** How many requests have no answer yet, and how many clients hung up before their answer. */
    counts,
    /** How many requests had this outcome. */
    count: (outcome) => simulator.requests.filter((request) => request.outcome === outcome).length,
    /** Gets a token as another program would. This ends the token in use. */
    async generateElsewhere() {
      const authorization = `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`;
      const path = "/oauth/v1/generate?grant_type=client_credentials";
      const response = await fetch(url + path, { headers: { authorization } });
      return (await response.json()).access_token;
    },
    close,
  };
}
