// What each entry exports, of the module that it compiles in its own way.
import { bind } from "./instance.js";
import { managerOf } from "./manager/manager.js";
import { REJECTED, verdictOf } from "./manager/rejection.js";

/** Makes the exports. `isolated`: see managerOf. */
export function entryOf(compile, isolated) {
  const instance = bind(compile);
  return {
    generateToken: (options) =>
      new Promise((resolve, reject) => {
        const { calls, generateToken } = instance();
        calls.add(reject);
        generateToken(options)
          .then(resolve, reject)
          .then(() => calls.delete(reject));
      }),
    isTokenRejected: async (response) => (await verdictOf(response, instance().judgeError)) === REJECTED,
    TokenManager: managerOf(instance, isolated),
  };
}
