// Writes a module's bytes as the printable ASCII that js/printed.js reads.
import { CHARACTERS, SINGLES } from "../js/printed.js";

/** The characters, by their rank. */
const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((c) => !'"<\\'.includes(c));

export function print(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const all = [...counts.keys()];
  const frequent = new Set(all.toSorted((a, b) => counts[b] - counts[a] || a - b).slice(0, SINGLES));

  // A byte that is one of the characters stands for itself.
  const singles = alphabet.slice(0, SINGLES).map((character) => character.charCodeAt(0));
  const others = [...frequent].filter((byte) => !singles.includes(byte));
  const table = singles.map((byte) => (frequent.has(byte) ? byte : others.shift()));

  const texts = [...new Set([...table, ...all])].map((byte, place) => {
    if (place < SINGLES) return [byte, alphabet[place]];
    const pair = place - SINGLES;
    return [byte, alphabet[SINGLES + Math.floor(pair / CHARACTERS)] + alphabet[pair % CHARACTERS]];
  });
  const textOf = new Map(texts);
  return Buffer.from(table).toString("hex") + Array.from(bytes, (byte) => textOf.get(byte)).join("");
}
