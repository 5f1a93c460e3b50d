// The modules' bytes as printable ASCII, for the entries that carry them; scripts/print.mjs is the other direction.
//
// Gzip makes as little of this as of the bytes themselves: most take one character, and those of texts are themselves.
// (Of hexadecimal digits it makes a tenth more, of base64, which hides what repeats, a quarter.)

/** So many bytes, the most frequent, have a character of their own; the other bytes have one after one of the last two. */
export const SINGLES = 90;
/** How many characters there are: from the space to the tilde, less those that could end a string, or a script in a page. */
export const CHARACTERS = 92;

/** Which of them it is. */
export function rankOf(code) {
  return code - 32 - (code > 34) - (code > 60) - (code > 92);
}

/** The bytes; the text begins with what the single characters stand for, in hexadecimal digits. */
export function decode(text) {
  const singles = Array.from({ length: SINGLES }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
  const meanings = new Set([...singles, ...Array(256).keys()]);
  const table = Uint8Array.from(meanings);
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 2 * SINGLES; i < text.length; i++) {
    let place = rankOf(text.charCodeAt(i));
    if (place >= SINGLES) place = SINGLES + (place - SINGLES) * CHARACTERS + rankOf(text.charCodeAt(++i));
    bytes[length++] = table[place];
  }
  return bytes.subarray(0, length);
}
