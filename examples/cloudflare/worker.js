import { TokenManager } from "daraja-auth";
import { durableObjectStore } from "daraja-auth/durable-object";
import { fromEnv } from "daraja-auth/env";
import { paybillFrom, stkPush } from "../stk-push.mjs";

export { DarajaTokenObject } from "daraja-auth/durable-object";

let tokens;

export default {
  async fetch(request, env, context) {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/pay") {
      return new Response("Not found", { status: 404 });
    }
    // The first request makes the manager, because the settings come with a request. The manager lives as long as the
    // isolate. A worker runs in many isolates, which share one token through this store.
    tokens ??= new TokenManager(fromEnv({ store: durableObjectStore(env.DARAJA_TOKENS) }, env));
    const payment = stkPush(tokens, paybillFrom(env, tokens.baseUrl), await request.json());
    // The payment goes on even if the customer hangs up.
    context.waitUntil(payment);
    const { status, body } = await payment;
    return Response.json(body, { status });
  },
};
