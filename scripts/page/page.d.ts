/** The types of the demo page in www/. */
declare namespace Page {
  /** An app, with its keys or, if the server holds them, with the names of their variables. */
  interface App {
    readonly name: string;
    readonly environment?: "sandbox" | "production" | undefined;
    readonly consumerKey?: string;
    readonly consumerSecret?: string;
    readonly variables?: readonly [string, string];
  }

  /** The result of generateToken. */
  interface Grant {
    readonly accessToken: string;
    readonly expiresIn: number;
    readonly expiresAt: number;
    /** Its number, if the simulator also counts the tokens of other programs. */
    readonly number?: number | undefined;
  }

  /** A request in the log of the simulator. `page` is the id of the page that sent it. */
  interface LogEntry {
    readonly number: number;
    readonly at: number;
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly outcome: string;
    readonly app?: string;
    readonly token?: number | undefined;
    readonly replaces?: number | undefined;
    readonly page?: string;
  }

  /** The page's access to a simulator behind a server: the log and the faults. */
  interface Shared {
    readonly id: string;
    readonly kinds: readonly string[];
    readonly lifetimeSeconds: number;
    /** How many requests there were before the page. */
    readonly count: number;
    log(after: number): Promise<readonly LogEntry[]>;
    fault(kind: string, isLasting: boolean): Promise<{ error?: string }>;
    clear(): Promise<object>;
  }

  /** A token of the page, or of another program. The text of another program's token is not known, so it is empty. */
  interface Token extends Grant {
    readonly app: App;
    readonly number: number;
    readonly grantedAt: number;
    /** When it was replaced or rejected. */
    endedAt?: number;
    /** The number of the token that replaced it. */
    replacedBy?: number;
    /** The verdict on it after its last use. */
    verdict?: Verdict;
  }

  interface Verdict {
    is: "accepted" | "rejected" | "unclear";
    text: string;
  }

  type State = "live" | "expired" | "replaced" | "rejected";

  interface Request {
    method: string;
    host: string;
    path: string;
    headers: [string, string][];
    body: string | undefined;
  }

  interface Response {
    status: number;
    headers: [string, string][];
    body: string;
    isWhole: boolean;
  }

  interface Exchange {
    request?: Request | undefined;
    response?: Response | undefined;
  }

  /** A DarajaError, or another error with some of its fields. */
  interface Failure {
    name?: string;
    message: string;
    code?: string;
    hint?: string;
    status?: number | undefined;
    errorCode?: string | undefined;
    requestId?: string | undefined;
    incidentId?: string | undefined;
    retryable?: boolean;
    retryAfterMs?: number | undefined;
    attempts?: number | undefined;
  }

  interface Place {
    baseUrl: string;
    environment?: "sandbox" | "production" | undefined;
  }

  interface Generated {
    exchange: Exchange;
    token?: Grant;
    error?: Failure;
  }

  interface Used {
    api: string;
    exchange?: Exchange;
    error?: Failure;
  }

  interface UsedManaged {
    api: string;
    exchanges: Exchange[];
    granted: Grant | undefined;
    error?: Failure;
  }

  /** The source of the tokens. www/upstream.js describes the members. */
  interface Upstream {
    readonly apps: readonly App[];
    readonly isSimulated: boolean;
    readonly isPrecious: boolean;
    place(app: App): Place;
    now(): number;
    skip?(ms: number): Promise<void>;
    generate(app: App): Promise<Generated>;
    use(app: App, accessToken: string): Promise<Used>;
    useManaged?(app: App, token: Token): Promise<UsedManaged>;
    readonly shared?: Shared;
  }

  type Fetch = (url: string, init?: RequestInit) => Promise<globalThis.Response>;

  /** A fault of the lab. */
  interface Fault {
    id: string;
    name: string;
    story: string;
    inject?: import("daraja-auth/simulator").Fault;
    options?: (app: { consumerKey: string; consumerSecret: string }) => object;
    between?: (fetch: Fetch) => Fetch;
  }
}
