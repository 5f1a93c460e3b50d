// Gets the token that servers share, for a command with their store.

/**
 * Gets the token as a server does: from the store, or from Daraja if the store has none, or one that is due for
 * renewal. `isAsked` tells whether Daraja granted it.
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
    // After a timeout the acquisition may still hold the lease, or a token that it must write to the store.
    await run;
  }
}
