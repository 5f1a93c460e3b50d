import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../../js/printed.js";
import { print } from "../../scripts/print.mjs";

const printable = /^[ !#-;=-[\]-~]*$/;

for (const { what, bytes } of [
  { what: "no bytes", bytes: [] },
  { what: "one byte", bytes: [255] },
  { what: "every byte, each as often", bytes: [...Array(256).keys()] },
  {
    what: "each byte more often than the one before",
    bytes: Array.from({ length: 256 }, (_, i) => Array(i).fill(i)).flat(),
  },
  {
    what: "each byte less often than the one before",
    bytes: Array.from({ length: 256 }, (_, i) => Array(256 - i).fill(i)).flat(),
  },
  { what: "what could end a string or a script", bytes: [...Buffer.from('"\\\n</script>${`')] },
]) {
  test(`${what}: comes back from what was printed, in which nothing can end a string`, () => {
    const text = print(Uint8Array.from(bytes));
    assert.match(text, printable);
    assert.deepEqual([...decode(text)], bytes);
  });
}
