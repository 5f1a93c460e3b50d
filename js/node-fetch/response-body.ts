// The body of a response. It holds the received bytes for the response and for its clones.
import type { Readable } from "node:stream";

/** This many bytes are read before the caller asks. So a short answer frees its connection even if it is never read. */
const AHEAD_BYTES = 65_536;

/** A piece of the body, the position of its end, and the promise of the next piece. */
interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: number;
  readonly next: NextPiece;
}
/** The promise of the next piece. It gives undefined at the end of the body. */
type NextPiece = Promise<Piece | undefined>;

/**
 * Reads a stream for any number of readers. Each has its own position in a list of pieces. A reader keeps only the
 * pieces alive that it has not read.
 */
export class Inflow {
  readonly first: NextPiece;
  /** The readers: the response and its clones. */
  #readers = 0;
  #isOver = false;
  #received = 0;
  /** The position of the reader that has read most. */
  #read = 0;
  readonly #stream: Readable;
  readonly #stop: () => void;
  #resolve!: (piece: Piece | undefined) => void;
  #reject!: (error: unknown) => void;

  /** `stop` ends the request. */
  constructor(stream: Readable, stop: () => void) {
    this.#stream = stream;
    this.#stop = stop;
    this.first = this.#promise();
    stream.on("data", (chunk: Uint8Array<ArrayBuffer>) => this.#add(chunk));
    stream.on("end", () => {
      this.#isOver = true;
      this.#resolve(undefined);
    });
    stream.on("error", (error) => this.fail(error));
    const cut = () =>
      this.fail(stream.errored ?? Object.assign(new Error("fetch: the body broke off"), { code: "ECONNRESET" }));
    stream.on("close", cut);
    // The stream may have closed before this listener was added.
    if (stream.destroyed) cut();
  }

  /** Ends the body with an error, unless it has ended. */
  fail(error: unknown): void {
    this.#isOver = true;
    this.#reject(error);
  }

  /** Is called for each reader. */
  join(): void {
    this.#readers += 1;
  }

  /** Is called when a reader has cancelled. The last one ends the request. */
  leave(): void {
    this.#readers -= 1;
    if (this.#readers === 0 && !this.#isOver) this.#stop();
  }

  /** Is called when a reader has reached this piece. */
  take({ end }: Piece): void {
    this.#read = Math.max(this.#read, end);
    if (this.#received - this.#read < AHEAD_BYTES && this.#stream.isPaused()) this.#stream.resume();
  }

  #add({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): void {
    this.#received += byteLength;
    if (this.#received - this.#read >= AHEAD_BYTES) this.#stream.pause();
    const resolve = this.#resolve;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    resolve({ bytes, end: this.#received, next: this.#promise() });
  }

  #promise(): NextPiece {
    const promise: NextPiece = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // The promise may reject while there is no reader.
    promise.catch(() => {});
    return promise;
  }
}

/** Behaves like the standard's ReadableStream, which takes 3 ms or more to load. */
export class ResponseStream {
  readonly #inflow: Inflow;
  #next: NextPiece;
  #isCancelled = false;
  #isLocked = false;
  /** Whether the body was read or cancelled, wholly or in part. */
  isDisturbed = false;

  constructor(inflow: Inflow, next: NextPiece) {
    this.#inflow = inflow;
    this.#next = next;
    inflow.join();
  }

  get locked(): boolean {
    return this.#isLocked;
  }

  getReader(options?: ReadableStreamGetReaderOptions): ReadableStreamReader<Uint8Array> {
    if (options?.mode === "byob") return this.#standard().getReader(options) as ReadableStreamReader<Uint8Array>;
    if (this.#isLocked) throw new TypeError("The body is locked to a reader");
    this.#isLocked = true;
    return new Reader(
      () => this.#read(),
      () => this.#cancel(),
      () => {
        this.#isLocked = false;
      },
    );
  }

  async cancel(): Promise<void> {
    if (this.#isLocked) throw new TypeError("The body is locked to a reader");
    return this.#cancel();
  }

  async *values({ preventCancel = false } = {}): AsyncGenerator<Uint8Array> {
    const reader = this.getReader() as Reader;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      if (!preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    return this.values();
  }

  tee() {
    return this.#standard().tee();
  }

  pipeTo(...args: Parameters<ReadableStream["pipeTo"]>) {
    return this.#standard().pipeTo(...args);
  }

  pipeThrough(...args: Parameters<ReadableStream["pipeThrough"]>) {
    return this.#standard().pipeThrough(...args);
  }

  /** Gives the same body once more, from this position on. */
  clone(): ResponseStream {
    return new ResponseStream(this.#inflow, this.#next);
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    this.isDisturbed = true;
    const coming = this.#next;
    this.#next = coming.then((piece) => piece?.next);
    this.#next.catch(() => {});
    let piece: Piece | undefined;
    try {
      piece = await coming;
    } catch (error) {
      if (!this.#isCancelled) throw error;
    }
    if (piece === undefined || this.#isCancelled) return { done: true, value: undefined };
    this.#inflow.take(piece);
    return { done: false, value: piece.bytes };
  }

  async #cancel(): Promise<void> {
    this.isDisturbed = true;
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#inflow.leave();
  }

  /** Gives the same body as an instance of the standard's class, for methods that only this class has. */
  #standard(): ReadableStream<Uint8Array> {
    const reader = this.getReader() as Reader;
    return new ReadableStream({
      type: "bytes",
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value as Uint8Array<ArrayBuffer>);
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: () => reader.cancel(),
    });
  }
}

type Result = ReadableStreamReadResult<Uint8Array>;

/** Behaves like the standard's reader of a ReadableStream. */
class Reader implements ReadableStreamDefaultReader<Uint8Array> {
  readonly closed: Promise<undefined>;
  readonly #read: () => Promise<Result>;
  readonly #cancel: () => Promise<void>;
  readonly #unlock: () => void;
  #isReleased = false;
  #end!: () => void;
  #fail!: (error: unknown) => void;

  constructor(read: () => Promise<Result>, cancel: () => Promise<void>, unlock: () => void) {
    this.#read = read;
    this.#cancel = cancel;
    this.#unlock = unlock;
    this.closed = new Promise((resolve, reject) => {
      this.#end = () => resolve(undefined);
      this.#fail = reject;
    });
    this.closed.catch(() => {});
  }

  async read(): Promise<Result> {
    this.#refuseReleased();
    try {
      const result = await this.#read();
      if (result.done) this.#end();
      return result;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async cancel(): Promise<void> {
    this.#refuseReleased();
    this.#end();
    return this.#cancel();
  }

  releaseLock(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#fail(new TypeError("The reader was released"));
    this.#unlock();
  }

  #refuseReleased(): void {
    if (this.#isReleased) throw new TypeError("The reader was released");
  }
}
