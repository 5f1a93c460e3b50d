/**
 * Decodes base64 with the fastest decoder that the runtime has.
 *
 * 65,000 characters, in a fresh process of Node 24: `Buffer` 0.1 ms, `atob` and a loop 2 to 6 ms.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (typeof Buffer === "function") return Buffer.from(text, "base64") as Uint8Array<ArrayBuffer>;
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (typeof fromBase64 === "function") return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
