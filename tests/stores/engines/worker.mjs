// The worker of the Durable Object's test. It calls the store as a test asks, and answers with the result.

import { checkStore } from "../../../js/stores/check-store.ts";
import { DarajaTokenObject, durableObjectStore } from "../../../js/stores/durable-object.ts";

export { DarajaTokenObject };

export default {
  async fetch(request, env) {
    const { method, args } = await request.json();
    try {
      const store = durableObjectStore(env.DARAJA_TOKENS);
      const methods = {
        load: () => store.load(...args),
        compareAndSwap: () => store.compareAndSwap(...args),
        keys: () => Object.keys(store),
        checkKv: () => checkStore(env.KV, "an object"),
        checkNamespace: () => checkStore(env.DARAJA_TOKENS, "an object"),
        wrapKv: () => durableObjectStore(env.KV),
        garbage: async () => {
          const { DARAJA_TOKENS: tokens } = env;
          const broken = {
            ...tokens,
            idFromName: (key) => tokens.idFromName(key),
            get: (id) => ofGarbage(tokens.get(id)),
          };
          return durableObjectStore(broken).load("key");
        },
      };
      return Response.json({ value: (await methods[method]()) ?? null });
    } catch ({ name, code, message, hint }) {
      return Response.json({ error: { name, code, message, hint } });
    }
  },
};

/** A Durable Object that gets requests which it does not understand. */
function ofGarbage(object) {
  return { fetch: (url, init) => object.fetch(url, { ...init, body: "garbage" }) };
}
