// The worker of each isolate. It keeps one TokenManager for its requests, on the store that docs/stores.md describes.
import { TokenManager } from "daraja-auth";
import { durableObjectStore } from "daraja-auth/durable-object";

export { DarajaTokenObject } from "daraja-auth/durable-object";

let isolate;
let tokens;

export default {
  async fetch(request, env, context) {
    isolate ??= crypto.randomUUID();
    const options = { ...env.settings, store: durableObjectStore(env.DARAJA_TOKENS) };
    tokens ??= new TokenManager(options);
    switch (new URL(request.url).pathname) {
      case "/token":
        return Response.json({ isolate, ...(await tokens.getToken()) });
      case "/kept":
        return Response.json({ isolate, ...(await tokens.getToken({ waitUntil: (run) => context.waitUntil(run) })) });
      case "/pay": {
        const { status } = await tokens.fetch("/mpesa/b2b/v1/remittax", { method: "POST", body: "{}" });
        return Response.json({ isolate, paid: status });
      }
      case "/alone":
        // A manager for this request only, as in a worker that keeps nothing between two requests.
        return Response.json({ isolate, ...(await new TokenManager(options).getToken()) });
      default:
        return Response.json({ isolate });
    }
  },
};
