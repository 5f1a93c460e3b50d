// A certificate authority for Daraja's hosts only. Each start makes a new one, and its key never leaves this process.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { bits, context, identifier, integer, octets, plainContext, sequence, set, TRUE, time, utf8 } from "./der.js";

/** The authority can sign only for this domain and its subdomains: RFC 5280, section 4.2.1.10. */
const DOMAIN = "safaricom.co.ke";
/** A program may run for months. Some clients refuse a longer validity: CA/Browser Forum, ballot SC31. */
const LIFETIME_MS = 398 * 86_400_000;
/** The clock of a container may be behind this one. */
const SKEW_MS = 3_600_000;

/** @typedef {{ spki: Buffer, id: Buffer, privateKey: import("node:crypto").KeyObject }} Key */

const ECDSA_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"));
/** @param {string} text */
const nameOf = (text) => sequence(set(sequence(identifier("2.5.4.3"), utf8(text))));
/**
 * @param {string} id
 * @param {Uint8Array} value
 * @param {Uint8Array[]} critical
 */
const extension = (id, value, ...critical) => sequence(identifier(id), ...critical, octets(value));
/** @param {string} text */
const dnsName = (text) => plainContext(2, Buffer.from(text));

/** @returns {Key} */
function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  // RFC 5280, section 4.2.1.2: the hash covers only the bits of the key. For P-256 these are the last 65 bytes.
  const id = createHash("sha1").update(spki.subarray(-65)).digest();
  return { spki, id, privateKey };
}

/**
 * A certificate in PEM.
 *
 * @param {object} parts
 * @param {Buffer} parts.subject
 * @param {Buffer} parts.issuer
 * @param {Buffer} parts.spki
 * @param {Buffer[]} parts.extensions
 * @param {import("node:crypto").KeyObject} parts.signer
 * @param {number} parts.now
 */
function certificate({ subject, issuer, spki, extensions, signer, now }) {
  const serial = randomBytes(16);
  // The first bit, 0, makes the number positive. The second, 1, keeps the first byte from being 0, which DER forbids.
  serial[0] = (serial[0] & 0x3f) | 0x40;
  const body = sequence(
    context(0, integer([2])),
    integer(serial),
    ECDSA_SHA256,
    issuer,
    sequence(time(new Date(now - SKEW_MS)), time(new Date(now + LIFETIME_MS))),
    subject,
    spki,
    context(3, sequence(...extensions)),
  );
  const der = sequence(body, ECDSA_SHA256, bits(sign("sha256", body, signer)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/**
 * The extensions of a certificate that may sign hosts of the domain, and up to `below` levels of authorities.
 *
 * @param {number} below
 */
function authorityFor(below) {
  const everyAddress = [8, 32].map((bytes) => sequence(plainContext(7, Buffer.alloc(bytes))));
  const permitted = context(0, sequence(dnsName(DOMAIN)));
  const excluded = context(1, ...everyAddress);
  return [
    extension("2.5.29.19", sequence(TRUE, integer([below])), TRUE),
    extension("2.5.29.15", bits(Buffer.from([0b00000100]), 2), TRUE),
    extension("2.5.29.30", sequence(permitted, excluded), TRUE),
  ];
}

export class Authority {
  #now;
  /** The certificate of the authority that signs hosts, and its name and key. */
  #intermediate;
  #issuer;
  /** The certificate that the program must trust, in PEM. */
  certificate;

  constructor(now = Date.now()) {
    this.#now = now;
    const name = `daraja-auth run ${randomBytes(4).toString("hex")}`;
    const root = { name: nameOf(name), key: keyPair() };
    // Java ignores the name constraints of a root, which RFC 5280, section 6.1, permits. It checks those of an
    // intermediate authority. So an intermediate authority signs hosts, and the root's key is forgotten here.
    const issuer = { name: nameOf(`${name} hosts`), key: keyPair() };
    this.certificate = this.#issue(root, { ...root, extensions: authorityFor(1) });
    this.#intermediate = this.#issue(root, { ...issuer, extensions: authorityFor(0) });
    this.#issuer = issuer;
  }

  /**
   * A key and a certificate for these hosts, in PEM. Programs refuse the certificate for a host outside the domain.
   *
   * @param {string[]} hosts
   */
  issue(hosts) {
    const key = keyPair();
    const cert = this.#issue(this.#issuer, {
      name: nameOf(hosts[0]),
      key,
      extensions: [
        extension("2.5.29.17", sequence(...hosts.map(dnsName))),
        extension("2.5.29.15", bits(Buffer.from([0b10000000]), 7), TRUE),
        extension("2.5.29.37", sequence(identifier("1.3.6.1.5.5.7.3.1"))),
      ],
    });
    return { cert: cert + this.#intermediate, key: key.privateKey.export({ type: "pkcs8", format: "pem" }) };
  }

  /**
   * A certificate for a name and its key, signed by an issuer.
   *
   * @param {{ name: Buffer, key: Key }} issuer
   * @param {{ name: Buffer, key: Key, extensions: Buffer[] }} subject
   */
  #issue(issuer, { name, key, extensions }) {
    const identifiers = [
      extension("2.5.29.14", octets(key.id)),
      extension("2.5.29.35", sequence(plainContext(0, issuer.key.id))),
    ];
    return certificate({
      subject: name,
      issuer: issuer.name,
      spki: key.spki,
      extensions: [...extensions, ...identifiers],
      signer: issuer.key.privateKey,
      now: this.#now,
    });
  }
}
