// A store whose record is due for renewal early enough for this server.
//
// Other programs on the same store renew 270 to 300 seconds before the end. This server promises its clients 300
// seconds, so here a token is due earlier than that.

/** With this much left, a token is due: the promised life, and time for the renewal. */
const DUE_MS = 360_000;
/** Or this share of its lifetime, where that is less: tests have short ones. */
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

function early(value) {
  let record;
  try {
    record = JSON.parse(value);
  } catch {
    // The manager says what is wrong with it.
    return value;
  }
  const { obtainedAt, expiresAt } = record ?? {};
  if (!(expiresAt > obtainedAt)) return value;
  const due = expiresAt - Math.min(DUE_MS, (expiresAt - obtainedAt) * DUE_SHARE);
  // Records of an earlier version have the first name.
  for (const name of ["rotateAt", "renewAt"]) {
    if (typeof record[name] === "number" && record[name] > due) record[name] = Math.floor(due);
  }
  return JSON.stringify(record);
}
