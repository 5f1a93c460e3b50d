// Sends the callbacks of STK pushes, and keeps a record of them.
import type { Callback } from "#glue/simulator";
import type { Clock } from "./clock.ts";
import type { SimulatorOptions } from "./options.ts";
import type { SimulatedCallback } from "./request.ts";

/** Enough for any test; a server that runs for days must not fill the memory. */
const MAX_CALLBACKS = 1_000;

type Send = NonNullable<SimulatorOptions["sendCallback"]>;

/** What a {@link Callbacks} is made of. */
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

  /** The last 1,000 callbacks, oldest first. */
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
      // A redirect could lead away from loopback.
      const { status } = await this.#send(url, { method: "POST", headers, body, redirect: "manual" });
      end = { status };
    } catch (error) {
      end = { failure: reasonOf(error) };
    }
    const callback = Object.freeze({ at, url, body, ...end });
    this.#sent.push(callback);
    if (this.#sent.length > MAX_CALLBACKS) this.#sent.shift();
    // In a promise, which takes what the function throws as well as what its promise rejects with.
    new Promise((resolve) => resolve(this.#onCallback?.(callback))).catch(() => {});
  }
}

/** Sends it if the URL leads to this machine. */
async function sendToLoopback(url: string, init: RequestInit): Promise<{ readonly status: number }> {
  const { hostname } = new URL(url);
  if (!isLoopback(hostname)) {
    throw new Error(`not sent: ${hostname} is not this machine. The option sendCallback: fetch sends it anywhere`);
  }
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Why a callback was not delivered: the reason of a system error, such as ECONNREFUSED, or else the message. */
function reasonOf(error: unknown): string {
  const { message, cause } = (Object(error) === error ? error : {}) as {
    message?: unknown;
    cause?: { code?: unknown };
  };
  return String(cause?.code ?? message ?? error);
}
