/**
 * Decodes hexadecimal digits with the fastest decoder that the runtime has. `Buffer` takes 0.1 ms for 57,000 bytes.
 *
 * Base64 is shorter, but not after gzip: gzip finds repetitions in digits that it does not find in base64. So digits
 * make the default entry 5 KB smaller after gzip, and the tarball 50 KB.
 */
export function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  if (typeof Buffer === "function") return Buffer.from(text, "hex") as Uint8Array<ArrayBuffer>;
  const { fromHex } = Uint8Array as { fromHex?: (text: string) => Uint8Array<ArrayBuffer> };
  if (typeof fromHex === "function") return fromHex.call(Uint8Array, text);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
