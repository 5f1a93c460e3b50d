// The faults of the lab, and how each is committed.
//
// `inject` is a fault of the simulator. `options` changes the options of generateToken. `between` changes the requests
// or the answers between the package and the simulator, as a proxy does.
import { generateToken } from "./daraja-auth/index.js";
import { Simulator } from "./daraja-auth/simulator.js";
import { witness } from "./exchange.js";
import { failureOf } from "./finding.js";

/** No retries, so that the first answer is shown. A short time limit, so that `hang` does not take ten seconds. */
const PATIENCE = { retries: 0, timeoutMs: 1000 };

/** @type {{ name: string, faults: Page.Fault[] }[]} */
export const groups = [
  {
    name: "Keys",
    faults: [
      {
        id: "wrong-secret",
        name: "Wrong secret",
        story: "One character of the consumer secret is wrong. Daraja answers with a status and nothing else.",
        options: ({ consumerSecret }) => ({ consumerSecret: `${consumerSecret.slice(0, -1)}#` }),
      },
      {
        id: "swapped",
        name: "Key and secret swapped",
        story: "Both are right, but each stands in the other’s place. Daraja does not say so.",
        options: ({ consumerKey, consumerSecret }) => ({ consumerKey: consumerSecret, consumerSecret: consumerKey }),
      },
      {
        id: "other-environment",
        name: "Sandbox keys in production",
        story: "The first request after going live, with the keys from before.",
        options: () => ({ environment: "production" }),
      },
      {
        id: "whitespace",
        name: "A space after the secret",
        story: "An .env file has a space at the end of its line. The package refuses it before anything is sent.",
        options: ({ consumerSecret }) => ({ consumerSecret: `${consumerSecret} ` }),
      },
      {
        id: "empty-400",
        name: "The empty 400",
        story: "Status 400 with no body: response.json() throws a SyntaxError on it, and hides what happened.",
        inject: { kind: "empty-400" },
      },
    ],
  },
  {
    name: "Request",
    faults: [
      {
        id: "basic-lost",
        name: "Not Basic",
        story: "A proxy on the way has replaced your authorisation with one of another type.",
        between: (fetch) => (url, init) =>
          fetch(url, { ...init, headers: { ...init?.headers, Authorization: "Bearer of-a-proxy" } }),
      },
      {
        id: "grant-type-lost",
        name: "Grant type lost",
        story: "A proxy on the way has dropped the query, and the grant type with it.",
        between: (fetch) => (url, init) => fetch(url.split("?")[0], init),
      },
      {
        id: "wrong-path",
        name: "Wrong path",
        story: "The option path is not the path of the token endpoint.",
        options: () => ({ path: "/oauth/generate" }),
      },
      {
        id: "redirect",
        name: "A redirect",
        story: "Something on the way redirects the request. Following the redirect would give away the secret.",
        between: () => async () =>
          new Response(null, { status: 302, headers: { location: "https://portal.example/" } }),
      },
    ],
  },
  {
    name: "Firewall",
    faults: [
      {
        id: "blocked-403",
        name: "Blocked with 403",
        story: "The firewall in front of Daraja answers, because it blocks your network. Your keys are fine.",
        inject: { kind: "blocked-403" },
      },
      {
        id: "blocked-503",
        name: "Blocked with 503",
        story: "The same firewall; this time it looks like an outage.",
        inject: { kind: "blocked-503" },
      },
      {
        id: "blocked-200",
        name: "Blocked with 200",
        story: "The same firewall; this time it looks like a success.",
        inject: { kind: "blocked-200" },
      },
    ],
  },
  {
    name: "Throttling",
    faults: [
      {
        id: "spike-arrest",
        name: "Spike arrest",
        story: "Too many requests in a moment: some program asks for a token before every call.",
        inject: { kind: "spike-arrest" },
      },
      {
        id: "quota",
        name: "Quota used up",
        story: "Too many requests over a longer time.",
        inject: { kind: "quota" },
      },
      {
        id: "busy",
        name: "System busy",
        story: "Daraja's own words for a spike: come back in a few minutes.",
        inject: { kind: "busy" },
      },
      {
        id: "rate-limited",
        name: "429, and when to return",
        story: "A plain 429 whose Retry-After says how long to wait; the error has it in milliseconds.",
        inject: { kind: "rate-limited", retryAfterSeconds: 30 },
      },
    ],
  },
  {
    name: "Outage",
    faults: [
      {
        id: "unavailable",
        name: "No healthy upstream",
        story: "The gateway in front of Daraja reaches no server, and says so in plain text.",
        inject: { kind: "unavailable" },
      },
      {
        id: "maintenance",
        name: "Maintenance page",
        story: "A page for people, where a program expected JSON.",
        inject: { kind: "maintenance" },
      },
    ],
  },
  {
    name: "Line",
    faults: [
      {
        id: "latency",
        name: "A slow answer",
        story: "A token would come after three seconds, but the time limit is one second.",
        inject: { kind: "latency", ms: 3000 },
      },
      {
        id: "hang",
        name: "No answer at all",
        story: "The connection is open, but no answer comes. Without a time limit your code would wait for ever.",
        inject: { kind: "hang" },
      },
      {
        id: "cut",
        name: "Cut off",
        story: "The connection breaks in the middle of the answer.",
        inject: { kind: "cut" },
      },
    ],
  },
  {
    name: "Answer",
    faults: [
      {
        id: "truncated",
        name: "Half a token",
        story: "Status 200, and JSON that ends too early. The half that arrived must not be used.",
        inject: { kind: "truncated" },
      },
      {
        id: "portal",
        name: "A page, not a token",
        story: "Status 200 and a web page: baseUrl is the address of the portal, where the keys are found.",
        options: () => ({ baseUrl: "https://developer.safaricom.co.ke" }),
      },
      {
        id: "wrong-type",
        name: "Said to be HTML",
        story: "A token in JSON whose Content-Type says HTML. The token is valid, so your code gets it.",
        inject: { kind: "wrong-type" },
      },
    ],
  },
];

export const faults = groups.flatMap((group) => group.faults);

/**
 * Commits a fault in a new simulator. Returns the exchange, if there was one, and the error or the token.
 *
 * @param {Page.Fault} fault
 * @returns {Promise<Page.Generated>}
 */
export async function commit({ inject, options, between }) {
  const simulator = new Simulator();
  const app = simulator.apps.find(({ environment }) => environment === "sandbox");
  if (!app) throw new Error("the simulator has no app of the sandbox");
  if (inject) simulator.inject(inject);
  const asked = witness(between ? between(simulator.fetch) : simulator.fetch);
  const { consumerKey, consumerSecret } = app;
  try {
    const token = await generateToken({
      consumerKey,
      consumerSecret,
      ...PATIENCE,
      ...options?.(app),
      fetch: asked.fetch,
    });
    return { exchange: asked.last(), token };
  } catch (error) {
    return { exchange: asked.last(), error: failureOf(error) };
  }
}
