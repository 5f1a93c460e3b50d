// The ASN.1 values that a certificate needs, in DER: ITU-T X.690.

/**
 * A value: its tag, the length of its content, and the content.
 *
 * @param {number} tag
 * @param {Uint8Array[]} contents
 */
export function tagged(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = Buffer.from(length.toString(16).padStart(length > 255 ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

/** @param {Uint8Array[]} values */
export const sequence = (...values) => tagged(0x30, ...values);
/** @param {Uint8Array[]} values */
export const set = (...values) => tagged(0x31, ...values);
/** @param {string} text */
export const utf8 = (text) => tagged(0x0c, Buffer.from(text));
/** @param {Uint8Array[]} contents */
export const octets = (...contents) => tagged(0x04, ...contents);
export const TRUE = tagged(0x01, Buffer.from([0xff]));

/**
 * A whole number from its bytes. The first byte must be below 128.
 *
 * @param {Uint8Array | number[]} bytes
 */
export const integer = (bytes) => tagged(0x02, Buffer.from(bytes));

/**
 * A string of bits, without the last `unused` bits of the content.
 *
 * @param {Uint8Array} content
 */
export const bits = (content, unused = 0) => tagged(0x03, Buffer.from([unused]), content);

/**
 * Values under a context-specific tag. `plainContext` has bytes instead of values.
 *
 * @param {number} number
 * @param {Uint8Array[]} contents
 */
export const context = (number, ...contents) => tagged(0xa0 | number, ...contents);
/**
 * @param {number} number
 * @param {Uint8Array} content
 */
export const plainContext = (number, content) => tagged(0x80 | number, content);

/**
 * An object identifier, such as "2.5.29.30".
 *
 * @param {string} text
 */
export function identifier(text) {
  const [first, second, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return tagged(0x06, Buffer.from(bytes));
}

/**
 * A time in seconds. RFC 5280, section 4.1.2.5, has one form for years before 2050, and another one for later years.
 *
 * @param {Date} date
 */
export function time(date) {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, "");
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}
