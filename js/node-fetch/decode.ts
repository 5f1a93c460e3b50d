// The content codings of a response.
import type { IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type * as zlib from "node:zlib";
import { builtin } from "./builtin.ts";

/** No server needs more codings. With each coding, a few bytes can grow to a much larger body. */
const MAX_CODINGS = 5;

/** Gives the body without its codings. A body with an unknown coding stays as it is, as with the global fetch. */
export async function decoded(message: IncomingMessage, contentEncoding: string): Promise<Readable> {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length === 0) return message;
  if (codings.length > MAX_CODINGS) throw new TypeError(`fetch: the answer has over ${MAX_CODINGS} content codings`);
  const [{ pipeline }, library] = [await builtin.stream(), await builtin.zlib()];
  // The server applied the last coding last, so it is removed first.
  codings.reverse();
  if (codings[0] === "deflate" && (await isRawDeflate(message))) codings[0] = "raw deflate";
  const decoders = codings.map((coding) => decoderOf(coding, library));
  if (decoders.includes(undefined)) return message;
  const [first, ...rest] = decoders as Duplex[];
  // The last decoder emits the error of any decoder. The reader of the body gets that error.
  return pipeline([message, first as Duplex, ...rest], () => {}) as unknown as Readable;
}

/** Some servers send deflate without its standard header. The first byte of that header ends in 8. */
async function isRawDeflate(message: IncomingMessage): Promise<boolean> {
  let chunk: Uint8Array | null = message.read();
  if (chunk === null) {
    await new Promise((resolve) => {
      for (const event of ["readable", "error", "close"]) message.once(event, resolve);
    });
    chunk = message.read();
  }
  if (chunk === null) return false;
  message.unshift(chunk);
  return ((chunk[0] ?? 8) & 0x0f) !== 8;
}

function decoderOf(coding: string, library: typeof zlib): Duplex | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = library.constants;
  // A stream without its end is not an error, as in browsers and curl: some servers leave the end out.
  const lenient = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return library.createGunzip(lenient);
    case "deflate":
      return library.createInflate(lenient);
    case "raw deflate":
      return library.createInflateRaw(lenient);
    case "br":
      return library.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}
