// The checks at the end of every walk.
import assert from "node:assert/strict";

export const clean = {
  "the console has no message": async (demo) => {
    assert.deepEqual(demo.lines, []);
  },

  "no request goes to another origin": async (demo, { url }) => {
    const { origin } = new URL(url);
    // The page of simulate is one script and one style sheet, beside the package's files.
    assert.ok(demo.urls.length > 6, `${demo.urls.length} requests were seen`);
    assert.deepEqual(
      demo.urls.filter((asked) => new URL(asked).origin !== origin),
      [],
    );
  },
};
