/**
 * Random 32-bit numbers.
 *
 * With the option `store` they distinguish instances, and come from the cryptographic source. A manager without that
 * option does not need the source. The first use of `crypto` would take 3 ms in Node 22 and 24, and 11 ms in Node 26.
 */
function random(count: number, isShared: boolean): Uint32Array {
  if (isShared) return crypto.getRandomValues(new Uint32Array(count));
  return Uint32Array.from({ length: count }, () => Math.random() * 0x100000000);
}

/** Gives 53 random bits, as a number that is not 0. */
export function randomNumber(isShared: boolean): number {
  const [high = 0, low = 0] = random(2, isShared);
  return (high % 0x200000) * 0x100000000 + low || 1;
}

/** Gives 128 random bits, in hexadecimal. */
export function randomText(isShared: boolean): string {
  return toHex(new Uint8Array(random(4, isShared).buffer));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
