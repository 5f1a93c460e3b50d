// The modules that scripts/build.mjs puts in place of these names, in each entry.

/** The WebAssembly module that the entry starts: js/wasm/inline.ts or import.ts. */
declare module "#wasm" {
  export const compile: () => WebAssembly.Module;
  export const isolated: boolean;
  /** Gives the hint for a module that fails or cannot start. */
  export const hintInternal: (cause: unknown) => string;
  export const hintNetwork: import("../host.ts").HintNetwork;
  export const unknownOption: import("../host.ts").UnknownOption;
  /** Gives the store of a manager without the option `store`. `fetch` is the manager's option. */
  export const defaultStore: (fetch: object | undefined) => import("../stores/store.ts").TokenStore;
}

/** The module's bytes, in hexadecimal digits. */
declare module "#wasm/hex" {
  const text: string;
  export default text;
}

/** The module, as the runtime imports it. */
declare module "#wasm/module" {
  const module: WebAssembly.Module;
  export default module;
}

/** The glue of wasm-bindgen for the module that users import. Each call of createGlue makes glue for one instance. */
declare module "#glue/client" {
  import type { AccessToken } from "./../access-token.ts";
  import type { DarajaError } from "./../error.ts";
  import type { AttemptEnded, Host } from "./../host.ts";
  import type { ManagerCore } from "./../manager/core.ts";

  export interface Glue {
    ManagerCore: new (options: unknown) => ManagerCore;
    attemptEnded: AttemptEnded;
    closedError(): DarajaError;
    generateToken(options: unknown): Promise<AccessToken>;
    judgeError(status: number, json: object, texts: string): number;
    lateError(): DarajaError;
    optionNames(ofPolicy: boolean): string;
    imports: WebAssembly.Imports;
    start(exports: WebAssembly.Exports): void;
    __wbg_set_wasm(exports: object): void;
  }
  export function createGlue(host: Host): Glue;
}

/** The glue of wasm-bindgen for the simulator's module. Each call of createGlue makes glue for one instance. */
declare module "#glue/simulator" {
  import type { SimulatedApp } from "./../simulator/options.ts";

  /** The state of a simulator. Only the module reads it, except for the apps. */
  export interface State {
    readonly options: { readonly apps: SimulatedApp[] };
  }

  /** The members of a request that the module reads. */
  export interface Request {
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly grantType: string | null;
    readonly authorization: string | null;
    readonly body: string;
  }

  /** An answer, and its entry for the record of requests. */
  export interface Answer {
    readonly status: number;
    readonly headers: readonly [name: string, value: string][];
    readonly body: string;
    /** How the answer ends: normally, cut after its body, or never. */
    readonly ending: "whole" | "cut" | "never";
    /** How long the answer is delayed, in milliseconds. */
    readonly delay: number;
    readonly outcome: import("./../simulator/request.ts").Outcome;
    readonly app: string | null;
    readonly token: number | null;
    readonly replaces: number | null;
    /** The callback that Daraja sends to the caller's server afterwards. */
    readonly callback: Callback | null;
  }

  /** A POST in JSON that follows an answer. */
  export interface Callback {
    readonly url: string;
    readonly body: string;
    /** How long after the request the callback is sent, in milliseconds. */
    readonly delay: number;
  }

  export interface Glue {
    start(options: object): State;
    inject(state: State, fault: object): State;
    clearFaults(state: State): State;
    setStkResult(state: State, result: unknown): State;
    answer(state: State, now: number, request: Request): { state: State; response: Answer };
    __wbg_set_wasm(exports: WebAssembly.Exports): void;
  }
  export function createGlue(): Glue;
}
