// The agents, which keep connections open between requests.
import type { Agent, AgentOptions } from "node:http";

/** Idle connections are closed after this time. Node's own agent uses the same time. */
const IDLE_CONNECTION_MS = 5_000;
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

const agents = new Map<string, Agent>();

/**
 * Gives the agent for an address.
 *
 * It uses the proxy that the usual variables name, from Node 22.21 and 24.5 on. An older Node ignores the option.
 * Requests to this machine use no proxy: they may be without TLS, and then a proxy could read the credentials.
 */
export function agentFor(url: URL, Agent: new (options: AgentOptions) => Agent): Agent {
  const isDirect = LOOPBACK.test(url.hostname);
  const key = `${url.protocol}${isDirect}`;
  const known = agents.get(key);
  if (known) return known;
  const proxyEnv = isDirect ? {} : proxyVariables();
  const agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS, proxyEnv });
  agents.set(key, agent);
  return agent;
}

/**
 * Takes only these variables: a logged agent shows its options, and the rest of process.env may hold secrets.
 */
function proxyVariables(): NodeJS.ProcessEnv {
  const set = PROXY_VARIABLES.filter((name) => process.env[name]);
  return Object.fromEntries(set.map((name) => [name, process.env[name]]));
}
