// The content codings of a response.
import type { IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type * as zlib from "node:zlib";
import { builtin } from "./builtin.ts";

/** No server needs more; each one multiplies what a few bytes can become. */
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
  // The last coding was applied last.
  codings.reverse();
  if (codings[0] === "deflate" && (await isRawDeflate(message))) codings[0] = "raw deflate";
  const decoders = codings.map((coding) => decoderOf(coding, library));
  if (decoders.includes(undefined)) return message;
  const [first, ...rest] = decoders as Duplex[];
  // The last decoder emits the error of any of them, which the reader of the body then gets.
  return pipeline([message, first as Duplex, ...rest], () => {}) as unknown as Readable;
}

/** Some servers leave out the header of the standard's deflate, whose first byte ends in 8. */
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
  // As browsers and curl do: what a server forgot at the end of its stream is no error.
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
