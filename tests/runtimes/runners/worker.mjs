import { env } from "cloudflare:workers";
import * as daraja from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
import { suite } from "./suite.mjs";

const { answers, manager: options, ...app } = env.settings;
let isolate;
/** How many requests to the route `token` have arrived. */
let visitors = 0;
/** This manager is made in the global scope, where workerd allows no random number, no timer and no request. */
let early;
try {
  const manager = new daraja.TokenManager({ ...app, ...options });
  early = () => manager.getToken();
} catch (error) {
  early = () => ({ error: String(error) });
}
/** This manager is made in the first request that needs it. */
let late;

const routes = {
  suite: async () => suite({ daraja, Simulator, answers, ...app }),
  generate: async ({ path }) => daraja.generateToken({ ...app, path }),
  early: () => early(),
  token({ waits }, context) {
    visitors += 1;
    return tokens().getToken(waits ? { waitUntil: (promise) => context.waitUntil(promise) } : undefined);
  },
  refused: () =>
    tokens()
      .getToken()
      .catch(({ code }) => ({ code })),
  visitors: () => ({ visitors }),
  async pay() {
    const response = await tokens().fetch("/mpesa/b2b/v1/remittax", { method: "POST", body: "{}" });
    return { status: response.status, ...(await response.json()) };
  },
};

function tokens() {
  late ??= new daraja.TokenManager({ ...app, ...options });
  return late;
}

export default {
  async fetch(request, _env, context) {
    isolate ??= crypto.randomUUID();
    const { pathname, searchParams } = new URL(request.url);
    const answer = await routes[pathname.slice(1)](Object.fromEntries(searchParams), context);
    return Response.json(Array.isArray(answer) ? answer : { ...answer, isolate });
  },
};
