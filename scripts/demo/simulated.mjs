// What stands behind the page's server by default: a simulated Daraja, which any program on this machine can reach.
import { listener } from "../../bin/listen.js";

/** Gives the endpoints of the page, and the listener for Daraja's own paths. */
export function simulated(Simulator) {
  const simulator = new Simulator();
  const withTime = (answer) => ({ ...answer, now: simulator.now() });
  return {
    mode: "simulator",
    endpoints: {
      apps: () => withTime({ apps: simulator.apps }),

      clock({ ms }) {
        simulator.advance(ms);
        return withTime({});
      },

      async exchange({ method, path, headers, body }, origin) {
        const response = await simulator.fetch(new URL(path, origin), { method, headers, body });
        const { status } = response;
        return withTime({ response: { status, headers: [...response.headers], body: await response.text() } });
      },
    },
    listen: listener(simulator.fetch),
  };
}
