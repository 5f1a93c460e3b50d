// A response, as a class that loads nothing.
import type { ResponseHeaders } from "./headers.ts";
import type { ResponseStream } from "./response-body.ts";

interface Parts {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  readonly body: ResponseStream | null;
  readonly url: string;
}

/** Behaves like the standard's Response. */
export class FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: ResponseHeaders;
  readonly body: ResponseStream | null;
  readonly url: string;
  readonly redirected = false;
  readonly type = "basic";

  constructor({ status, statusText, headers, body, url }: Parts) {
    this.status = status;
    this.statusText = statusText;
    this.ok = status >= 200 && status < 300;
    this.headers = headers;
    this.body = body;
    this.url = url;
  }

  get bodyUsed(): boolean {
    return this.body?.isDisturbed ?? false;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    this.#refuseUsed();
    const pieces: Uint8Array[] = [];
    for await (const piece of this.body ?? []) pieces.push(piece);
    const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    return bytes;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.headers.get("content-type") ?? "" });
  }

  /** Only the global class Response can read forms, so this loads it. */
  async formData(): Promise<FormData> {
    const headers = { "Content-Type": this.headers.get("content-type") ?? "" };
    return new Response(await this.bytes(), { headers }).formData();
  }

  clone(): FetchResponse {
    this.#refuseUsed();
    const { status, statusText, headers, url } = this;
    return new FetchResponse({ status, statusText, headers, body: this.body?.clone() ?? null, url });
  }

  #refuseUsed(): void {
    if (this.bodyUsed || this.body?.locked) throw new TypeError("The body is used: it was read, cancelled or locked");
  }
}
