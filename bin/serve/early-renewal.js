// Wraps a store, so that its tokens are renewed earlier.
//
// Other programs on the same store renew a token 270 to 300 seconds before its end. This server promises 300 seconds to
// its clients, so it must renew earlier.

/** A token with this much life left is renewed: the promised 300 seconds, and time for the renewal. */
const DUE_MS = 360_000;
/** The same for tokens with a short life, as in tests: this share of the lifetime, if that is less. */
const DUE_SHARE = 0.3;

/** @param {any} store */
export function renewingEarly(store) {
  return {
    ...store,
    async load(/** @type {string} */ key) {
      const answer = await store.load(key);
      if (!answer?.record) return answer;
      return { ...answer, record: { ...answer.record, value: early(answer.record.value) } };
    },
  };
}

/** @param {string} value */
function early(value) {
  let record;
  try {
    record = JSON.parse(value);
  } catch {
    // The manager reports what is wrong with it.
    return value;
  }
  const { obtainedAt, expiresAt } = record ?? {};
  if (!(expiresAt > obtainedAt)) return value;
  const due = expiresAt - Math.min(DUE_MS, (expiresAt - obtainedAt) * DUE_SHARE);
  // Records of an earlier version have `rotateAt`.
  for (const name of ["rotateAt", "renewAt"]) {
    if (typeof record[name] === "number" && record[name] > due) record[name] = Math.floor(due);
  }
  return JSON.stringify(record);
}
