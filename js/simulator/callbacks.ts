// Sends the callbacks of STK pushes, and keeps a record of them.
import type { Callback } from "#glue/simulator";
import type { Clock } from "./clock.ts";
import type { SimulatorOptions } from "./options.ts";
import type { SimulatedCallback } from "./request.ts";

/** The limit of callbacks that are kept, so that a server that runs for days does not fill the memory. */
const MAX_CALLBACKS = 1_000;

type Send = NonNullable<SimulatorOptions["sendCallback"]>;

/** The parts that a {@link Callbacks} needs. */
interface CallbackOptions {
  readonly clock: Clock;
  readonly send: Send | undefined;
  readonly onCallback: ((callback: SimulatedCallback) => void) | undefined;
}

export class Callbacks {
  #clock: Clock;
  #send: Send;
  #onCallback: CallbackOptions["onCallback"];
  #sent: SimulatedCallback[] = [];

  constructor({ clock, send, onCallback }: CallbackOptions) {
    this.#clock = clock;
    this.#send = send ?? sendToLoopback;
    this.#onCallback = onCallback;
  }

  /** The last 1,000 callbacks, in the order in which they were answered or failed. */
  get sent(): readonly SimulatedCallback[] {
    return Object.freeze([...this.#sent]);
  }

  /** Sends a callback when its time has come. */
  async deliver({ url, body, delay }: Callback): Promise<void> {
    await this.#clock.wait(delay);
    const at = this.#clock.now();
    const headers = { "content-type": "application/json" };
    let end: { status: number } | { failure: string };
    try {
      // A redirect is not followed, because it could lead away from loopback.
      const { status } = await this.#send(url, { method: "POST", headers, body, redirect: "manual" });
      end = { status };
    } catch (error) {
      end = { failure: reasonOf(error) };
    }
    const callback = Object.freeze({ at, url, body, ...end });
    this.#sent.push(callback);
    if (this.#sent.length > MAX_CALLBACKS) this.#sent.shift();
    // It runs in a promise, so that a thrown error and a rejection are handled in the same way.
    new Promise((resolve) => resolve(this.#onCallback?.(callback))).catch(() => {});
  }
}

/** Sends the callback if its URL leads to this machine. */
async function sendToLoopback(url: string, init: RequestInit): Promise<{ readonly status: number }> {
  const { hostname } = new URL(url);
  if (!isLoopback(hostname)) {
    throw new Error(`not sent: ${hostname} is not this machine. To send it, pass the option sendCallback: fetch`);
  }
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Why a callback was not delivered: the code of a system error, such as ECONNREFUSED, or else the message. */
function reasonOf(error: unknown): string {
  const { message, cause } = (Object(error) === error ? error : {}) as {
    message?: unknown;
    cause?: { code?: unknown };
  };
  return String(cause?.code ?? message ?? error);
}
