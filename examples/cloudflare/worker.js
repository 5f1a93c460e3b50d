import { TokenManager } from "daraja-auth";
import { durableObjectStore } from "daraja-auth/durable-object";
import { stkPush } from "../stk-push.mjs";

export { DarajaTokenObject } from "daraja-auth/durable-object";

let tokens;

export default {
  async fetch(request, env, context) {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/pay") {
      return new Response("Not found", { status: 404 });
    }
    // Made in the first request, since a worker's settings come with one; it lives as long as the isolate.
    tokens ??= new TokenManager({
      consumerKey: env.DARAJA_CONSUMER_KEY,
      consumerSecret: env.DARAJA_CONSUMER_SECRET,
      baseUrl: env.DARAJA_BASE_URL, // not set: the sandbox
      // A worker runs in many isolates; here they share one token.
      store: durableObjectStore(env.DARAJA_TOKENS),
    });
    const payment = stkPush(tokens, env, await request.json());
    // It goes on though the customer hangs up.
    context.waitUntil(payment);
    const { status, body } = await payment;
    return Response.json(body, { status });
  },
};
