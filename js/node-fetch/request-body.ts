// The body of a request.

/** The bytes or a stream of them, their number if it is known, and their content type. */
export type RequestBody =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly length: number; readonly type?: string }
  | {
      readonly kind: "stream";
      readonly chunks: AsyncIterable<unknown>;
      readonly length?: number;
      readonly type?: string;
    };

const EXPECTED = "a string, bytes, URLSearchParams, a Blob or a stream";

/** Reads a body. Throws a TypeError for other values. It checks no classes, because other realms have their own. */
export function readBody(body: unknown): RequestBody | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string") return text(body, "text/plain;charset=UTF-8");
  if (ArrayBuffer.isView(body)) {
    return bytesOf(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  }
  switch (Object.prototype.toString.call(body)) {
    case "[object ArrayBuffer]":
    case "[object SharedArrayBuffer]":
      return bytesOf(new Uint8Array(body as ArrayBuffer));
    case "[object URLSearchParams]":
      return text(String(body), "application/x-www-form-urlencoded;charset=UTF-8");
    case "[object Blob]":
    case "[object File]": {
      const { type, size } = body as Blob;
      return { kind: "stream", chunks: (body as Blob).stream(), length: size, ...(type && { type }) };
    }
  }
  if (typeof (body as AsyncIterable<unknown>)[Symbol.asyncIterator] === "function") {
    return { kind: "stream", chunks: body as AsyncIterable<unknown> };
  }
  throw new TypeError(`fetch: expected the body to be ${EXPECTED}, found ${nameOf(body)}`);
}

function text(value: string, type: string): RequestBody {
  return { ...bytesOf(Buffer.from(value, "utf8")), type };
}

function bytesOf(bytes: Uint8Array): RequestBody {
  return { kind: "bytes", bytes, length: bytes.byteLength };
}

function nameOf(value: unknown): string {
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return name === "Object" ? "an object, which JSON.stringify makes a string" : `an object of the class ${name}`;
}
