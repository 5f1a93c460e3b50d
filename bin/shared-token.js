// The token that servers share, for whoever has their store.

/**
 * Gets it as a server would: from the store, or from Daraja where the store has no live one. Says which.
 *
 * The store stays open.
 */
export async function sharedToken(store, options) {
  const { TokenManager } = await import("../pkg/node.js");
  let isAsked = false;
  let run;
  const onEvent = ({ type }) => {
    if (["generated", "renewed"].includes(type)) isAsked = true;
  };
  const manager = new TokenManager({ ...options, store, onEvent });
  try {
    const token = await manager.getToken({
      waitUntil(promise) {
        run = promise;
      },
    });
    return { token, isAsked };
  } finally {
    manager.close();
    // Who gave up waiting may still hold a lease, or a token that the others must hear of.
    await run;
  }
}
