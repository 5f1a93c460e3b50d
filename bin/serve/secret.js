// The secrets of clients. The file has only their scrypt hashes, from which a secret cannot be computed.
import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** OWASP's parameters for scrypt with 16 MB of memory. */
const COST = { N: 16_384, r: 8, p: 5 };
const LENGTH = 32;
/** A file may have other parameters, as long as they need less memory than this. */
const MAX_MEMORY = 67_108_864;
const FORM = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{16,128})\$([A-Za-z0-9+/=]{24,128})$/;

const derive = /** @type {(secret: string, salt: Buffer, length: number, options: object) => Promise<Buffer>} */ (
  promisify(scrypt)
);

/** The hash of a secret, in the form `scrypt$N$r$p$salt$hash`. @param {string} secret */
export async function hashOf(secret) {
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, LENGTH, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), hash.toString("base64")].join("$");
}

/** Whether a text is a hash in that form, with parameters within the limits. @param {string} text */
export function isHash(text) {
  const [, N, r, p] = FORM.exec(text) ?? [];
  const isPower = Number.isInteger(Math.log2(Number(N)));
  return isPower && Number(r) > 0 && Number(p) > 0 && 128 * Number(N) * Number(r) < MAX_MEMORY;
}

/** Whether a secret has the hash `text`. @param {string} secret @param {string} text */
export async function isSecretOf(secret, text) {
  const [, N, r, p, salt, hash] = /** @type {RegExpExecArray} */ (FORM.exec(text));
  const expected = Buffer.from(hash, "base64");
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: 2 * MAX_MEMORY };
  const found = await derive(secret, Buffer.from(salt, "base64"), expected.length, cost);
  return timingSafeEqual(found, expected);
}

/** Remembers the right secrets, so that scrypt runs once for a client, not for each request. */
export class Remembered {
  /** A random key of this process, so that the digests are useless elsewhere. */
  #key = randomBytes(32);
  /** @type {Map<string, Buffer>} */
  #right = new Map();

  /** @param {string} name @param {string} secret */
  has(name, secret) {
    const right = this.#right.get(name);
    return right !== undefined && timingSafeEqual(right, this.#mac(secret));
  }

  /** @param {string} name @param {string} secret */
  add(name, secret) {
    this.#right.set(name, this.#mac(secret));
  }

  /** @param {string} secret */
  #mac(secret) {
    return createHmac("sha256", this.#key).update(secret).digest();
  }
}
