// A fetch over node:https and node:http.
//
// Node's own fetch is undici, which takes about 50 of the 76 ms until a fresh process has its first token. To read
// globalThis.Headers, Request, Response or FormData loads undici too, so this code reads them only if a caller needs
// one.
import type { IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import { agentFor } from "./agents.ts";
import { builtin } from "./builtin.ts";
import { decoded } from "./decode.ts";
import { ResponseHeaders } from "./headers.ts";
import { type NodeFetchInit, type NodeRequest, readRequest } from "./request.ts";
import { FetchResponse } from "./response.ts";
import { Inflow, ResponseStream } from "./response-body.ts";

/** undici waits as long for headers, and for the next part of a body. */
const IDLE_MS = 300_000;
/** Answers with these statuses have no body, not even an empty one (fetch standard, "null body status"). */
const WITHOUT_BODY = [204, 205, 304];

/** The `fetch` of this copy of the package. All copies in a process share one `fetch`: see index.ts. */
export async function nodeFetch(input: string | URL | Request, init: NodeFetchInit = {}): Promise<Response> {
  const request = readRequest(input, init);
  const { signal, url } = request;
  const http = url.protocol === "https:" ? await builtin.https() : await builtin.http();
  const stream = request.body?.kind === "stream" ? await builtin.stream() : undefined;
  const { Agent } = http;
  const agent = request.agent ?? agentFor(url, Agent);

  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw signal.reason;
    const { method, headers } = request;
    // As a text: for a URL, Node would read members that Object.prototype may have.
    const outgoing = http.request(url.href, {
      __proto__: null,
      method,
      headers,
      agent,
      timeout: IDLE_MS,
    } as RequestOptions);
    let inflow: Inflow | undefined;
    let isAnswered = false;
    const fail = (error: unknown) => {
      inflow?.fail(error);
      reject(error);
      outgoing.destroy();
    };
    const abort = () => fail(signal?.reason);
    signal?.addEventListener("abort", abort);
    outgoing.once("close", () => signal?.removeEventListener("abort", abort));
    outgoing.on("error", (error) => fail(withoutAnswer(error)));
    outgoing.on("timeout", () => fail(failure("ETIMEDOUT", `nothing came for ${IDLE_MS / 1000} seconds`)));
    outgoing.on("upgrade", () => fail(failure("EPROTO", "the server switched to another protocol")));
    outgoing.once("response", (message) => {
      isAnswered = true;
      respond(request, message, (body) => {
        inflow = new Inflow(body, () => outgoing.destroy());
        return inflow;
      }).then(resolve, fail);
    });
    const { body } = request;
    if (body?.kind === "stream") {
      // After its answer, a server may close the connection without reading the rest of the request.
      stream?.pipeline(streamOf(body.chunks, stream.Readable), outgoing, (error) => {
        if (error && !isAnswered) fail(error);
      });
    } else outgoing.end(body?.bytes);
  });
}

/** Gives the response as soon as its headers have come. */
async function respond(request: NodeRequest, message: IncomingMessage, flow: (body: Readable) => Inflow) {
  const { statusCode: status = 0, statusMessage: statusText = "", rawHeaders } = message;
  const headers = new ResponseHeaders(rawHeaders);
  if (request.redirect === "error" && status >= 300 && status < 400 && headers.has("location")) {
    throw new TypeError(`fetch: the answer is a redirect (HTTP ${status}), and redirect is "error"`);
  }
  // Without a listener, Node would forget an error that comes before the body is read.
  message.on("error", () => {});
  let body: ResponseStream | null = null;
  if (request.method === "HEAD" || WITHOUT_BODY.includes(status)) message.resume();
  else {
    const inflow = flow(await decoded(message, headers.get("content-encoding") ?? ""));
    body = new ResponseStream(inflow, inflow.first);
  }
  const { origin, pathname, search } = request.url;
  const url = origin + pathname + search;
  return new FetchResponse({ status, statusText, headers, body, url }) as unknown as Response;
}

/** Removes received bytes from errors of Node's parser and of TLS. They may hold a token, and logs would show it. */
function withoutAnswer(error: Error & { rawPacket?: unknown; cert?: unknown }): Error {
  delete error.rawPacket;
  delete error.cert;
  return error;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`fetch: ${message}`), { code });
}

/** Converts a web stream as a whole. Through its iterator it could not be cancelled while a read waits. */
function streamOf(chunks: AsyncIterable<unknown>, Stream: typeof Readable): Readable {
  const isWeb = typeof (chunks as unknown as ReadableStream).getReader === "function";
  return isWeb ? Stream.fromWeb(chunks as unknown as Parameters<typeof Stream.fromWeb>[0]) : Stream.from(chunks);
}
