// The connections, kept open between requests.
import type { Agent, AgentOptions } from "node:http";

/** An idle connection is closed after this time, as Node's own agent does. */
const IDLE_CONNECTION_MS = 5_000;
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

const agents = new Map<string, Agent>();

/**
 * Gives the agent of a protocol.
 *
 * It uses a proxy that the usual variables name, where Node can: from 22.21 and 24.5 on. An older Node ignores the option.
 */
export function agentFor(protocol: string, Agent: new (options: AgentOptions) => Agent): Agent {
  const known = agents.get(protocol);
  if (known) return known;
  // Only these variables: an agent shows its options when it is logged.
  const proxyEnv = Object.fromEntries(
    PROXY_VARIABLES.map((name) => [name, process.env[name]]).filter(([, value]) => value),
  );
  const agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS, proxyEnv });
  agents.set(protocol, agent);
  return agent;
}
