// The endpoints of the page's server by default: a simulated Daraja, which any program on this machine can use.
import { listener } from "../../bin/listen.js";
import { endpointsOf } from "../../bin/simulate/endpoints.js";

/**
 * Returns the endpoints of the page, and the listener for Daraja's own paths.
 *
 * @param {typeof import("../../pkg/simulator.js").Simulator} Simulator
 */
export function simulated(Simulator) {
  /** @type {ReturnType<typeof endpointsOf>} */
  let page;
  const simulator = new Simulator({ onRequest: (entry) => page.note(entry) });
  page = endpointsOf(simulator, simulator.fetch);
  return {
    mode: "simulator",
    endpoints: page.endpoints,
    listen: listener(/** @type {import("../../bin/listen.js").Answer} */ (simulator.fetch)),
  };
}
