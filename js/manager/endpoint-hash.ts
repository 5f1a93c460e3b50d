/** Hashes a text, such as an endpoint, to 53 bits that are not all 0. */
export function hashEndpoint(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul((low << 13) | (low >>> 19), 5) ^ Math.imul(unit + i, 0x85ebca6b);
  }
  return ((high ^ (low >>> 7)) >>> 11) * 0x100000000 + (low >>> 0) || 1;
}
