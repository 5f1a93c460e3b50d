// A user's file: TypeScript compiles it as an ES module, as CommonJS, and in every way to resolve the package.
import {
  DarajaError,
  type Environment,
  generateToken,
  isTokenRejected,
  memoryStore,
  type TokenEvent,
  TokenManager,
  type TokenStore,
} from "daraja-auth";
import { withDaraja } from "daraja-auth/axios";
import { type EnvOptions, fromEnv } from "daraja-auth/env";
import { fileStore } from "daraja-auth/file";
import { fetch as nodeFetch } from "daraja-auth/node";
import { TokenPool } from "daraja-auth/pool";
import { type PostgresClient, postgresStore } from "daraja-auth/postgres";
import { type RedisClient, redisStore } from "daraja-auth/redis";
import { type Fault, type SimulatedApp, type SimulatedRequest, Simulator } from "daraja-auth/simulator";
import { storeConformance } from "daraja-auth/testing";

export async function compiles(signal: AbortSignal): Promise<number> {
  const { accessToken, expiresIn, expiresAt } = await generateToken({ consumerKey: "key", consumerSecret: "secret" });
  const text: string = accessToken;
  await generateToken({ consumerKey: "key", consumerSecret: "secret", fetch: nodeFetch });
  const { status }: Response = await nodeFetch(new URL("https://proxy.example"), { method: "POST", agent: {}, signal });
  const numbers: number[] = [expiresIn, expiresAt, status];
  await generateToken({
    consumerKey: "key",
    consumerSecret: "secret",
    environment: "production",
    baseUrl: "https://proxy.example",
    path: "/oauth/v1/generate",
    fetch: (input, init) => globalThis.fetch(input, init),
    signal,
    timeoutMs: 5000,
    retries: 0,
  });
  await generateToken({ consumerKey: "key", consumerSecret: "secret", fetch: globalThis.fetch });
  const options: Parameters<typeof generateToken>[0] = { consumerKey: "key", consumerSecret: "secret" };
  const environment: Environment | undefined = options.environment;
  return text.length + numbers.length + (environment ?? "").length;
}

export async function reads(env: { DARAJA_CONSUMER_KEY: string; DARAJA_TOKENS: object }): Promise<unknown> {
  const managers = [
    new TokenManager(fromEnv()),
    new TokenManager(fromEnv({ store: memoryStore(), onEvent: ({ type }) => console.log(type) }, env)),
    new TokenManager(fromEnv({ credentials: async () => ({ consumerKey: "key", consumerSecret: "secret" }) })),
    new TokenManager(fromEnv({ seal: (text) => text, open: (text) => text })),
    new TokenManager({ ...fromEnv(), renewInBackground: true }),
  ];
  const options: EnvOptions = fromEnv({ timeoutMs: 5000 });
  // @ts-expect-error A misspelt option.
  fromEnv({ enviroment: "production" });
  // @ts-expect-error There is no such environment.
  fromEnv({ environment: "prod" });
  // @ts-expect-error The option seal needs the option open.
  fromEnv({ seal: (text: string) => text });
  // @ts-expect-error Variables are an object.
  fromEnv({}, "DARAJA_CONSUMER_KEY");
  return [managers, await generateToken(options), await generateToken(fromEnv())];
}

/** The members of an axios client that withDaraja uses. */
interface Axios {
  defaults: { baseURL?: string };
  interceptors: { request: { use(onFulfilled?: ((config: { url?: string }) => { url?: string }) | null): number } };
  post(url: string, data?: unknown): Promise<{ data: unknown }>;
}

export async function calls(axios: Axios, tokens: TokenManager): Promise<unknown> {
  const daraja: Axios = withDaraja(axios, tokens);
  // @ts-expect-error A client must have interceptors.
  withDaraja({ defaults: {} }, tokens);
  // @ts-expect-error A token is not a manager.
  withDaraja(axios, "token");
  return (await daraja.post(tokens.baseUrl)).data;
}

export async function shops(secretOf: (shop: string) => Promise<string>): Promise<string> {
  const pool = new TokenPool({
    app: async (shop) => ({ consumerKey: shop, consumerSecret: await secretOf(shop), environment: "production" }),
    maxIdle: 10,
  });
  // @ts-expect-error The environment is one of two.
  new TokenPool({ app: () => ({ consumerKey: "key", consumerSecret: "secret", environment: "prod" }) });
  const length: number = await pool.use("shop", async (tokens) => (await tokens.getToken()).accessToken.length);
  await pool.fetch("shop", "/mpesa/stkpush/v1/processrequest", { json: { length } });
  return (await pool.getToken("shop", { deadlineMs: 1000 })).accessToken;
}

export function advice(error: unknown): string {
  if (!(error instanceof DarajaError)) return "not ours";
  const asError: Error = error;
  const code: DarajaError["code"] = error.code;
  const retryable: boolean = error.retryable;
  const attempts: number = error.attempts ?? 0;
  const hint: string = error.hint;
  const wait: number = error.retryAfterMs ?? 0;
  const status: number = error.status ?? 0;
  const theirs = [error.errorCode ?? "", error.requestId ?? "", error.incidentId ?? ""].join("");
  switch (code) {
    case "ERR_DARAJA_INVALID_OPTION":
    case "ERR_DARAJA_INVALID_CREDENTIALS":
    case "ERR_DARAJA_INVALID_GRANT_TYPE":
    case "ERR_DARAJA_BLOCKED":
    case "ERR_DARAJA_RATE_LIMITED":
    case "ERR_DARAJA_UNAVAILABLE":
    case "ERR_DARAJA_REFUSED":
    case "ERR_DARAJA_MALFORMED_RESPONSE":
    case "ERR_DARAJA_REDIRECT":
    case "ERR_DARAJA_TIMEOUT":
    case "ERR_DARAJA_NETWORK":
    case "ERR_DARAJA_INTERNAL":
      return [hint, theirs, asError.message, asError.cause, retryable, attempts, wait, status].join();
    // @ts-expect-error There is no such code.
    case "ERR_DARAJA_NONSENSE":
      return "";
    default:
      return code;
  }
}

export async function isPrecise(error: DarajaError): Promise<void> {
  const secrets = { consumerKey: "key", consumerSecret: "secret" };
  // @ts-expect-error There are two environments.
  await generateToken({ ...secrets, environment: "staging" });
  // @ts-expect-error No such option.
  await generateToken({ ...secrets, timeout: 5000 });
  // @ts-expect-error A key is a string.
  await generateToken({ ...secrets, consumerKey: 12345 });
  // A missing environment variable gives an error at run time.
  await generateToken({ consumerKey: "key", consumerSecret: undefined as string | undefined });
  // @ts-expect-error Milliseconds are a number.
  await generateToken({ ...secrets, timeoutMs: "5s" });
  // @ts-expect-error No secret at all.
  await generateToken({ consumerKey: "key" });
  // @ts-expect-error No options at all.
  await generateToken();

  const token = await generateToken(secrets);
  // @ts-expect-error A token is frozen.
  token.accessToken = "another";
  // @ts-expect-error A token is frozen.
  token.expiresIn = 1;
  // @ts-expect-error A token is frozen.
  token.expiresAt = 1;
  // @ts-expect-error Daraja's name for this member is different.
  token.access_token;
  // @ts-expect-error A code is one of ours, not any string.
  const code: DarajaError["code"] = String(error.code);
  // @ts-expect-error The properties of an error are read-only.
  error.code = code;
  // @ts-expect-error Without an answer there is no status.
  const status: number = error.status;
  return void status;
}

export async function tries(): Promise<readonly SimulatedRequest[]> {
  const seen: string[] = [];
  const apps: SimulatedApp[] = [{ name: "shop", consumerKey: "key", consumerSecret: "secret", products: ["stkpush"] }];
  const simulator = new Simulator({
    apps,
    tokenLifetimeSeconds: 60,
    rejectAs: "401.002.01",
    refuseAs: "401",
    now: () => 0,
    onRequest: ({ outcome, replaces }) => seen.push(`${outcome} ${replaces ?? 0}`),
  });
  const fault: Fault = { kind: "latency", ms: 500, times: 2, rate: 0.5, path: "/oauth/" };
  simulator.inject(fault);
  simulator.clearFaults();
  simulator.advance(1000);
  await generateToken({ consumerKey: "key", consumerSecret: "secret", fetch: simulator.fetch });
  const usual: typeof globalThis.fetch = simulator.fetch;
  const response: Response = await usual("https://sandbox.safaricom.co.ke/mpesa/stkpush/v1/processrequest");
  const times: number[] = [simulator.now(), response.status];
  const known: readonly [SimulatedApp, ...SimulatedApp[]] = new Simulator().apps;
  times.push(known[0].consumerKey.length);
  const [first] = simulator.requests;
  const isOurs: boolean = first?.outcome === "token" && first.app === apps[0]?.name && times.length > 0;
  return isOurs ? simulator.requests : [];
}

export function isPreciseToo(simulator: Simulator): void {
  // @ts-expect-error No such fault.
  simulator.inject({ kind: "earthquake" });
  // @ts-expect-error A fault has a kind.
  simulator.inject({ times: 2 });
  // @ts-expect-error No such option.
  new Simulator({ lifetime: 5 });
  // @ts-expect-error A request is frozen.
  new Simulator({ onRequest: (request) => (request.status = 200) });
  // @ts-expect-error There are three ways to refuse a wrong pair, and this is none of them.
  new Simulator({ refuseAs: "403" });
  // @ts-expect-error The list of requests is read-only.
  simulator.requests.push({});
  // @ts-expect-error There are two environments.
  new Simulator({ apps: [{ name: "a", consumerKey: "k", consumerSecret: "s", environment: "staging" }] });
}

export function tells(event: TokenEvent): string {
  switch (event.type) {
    case "generated":
    case "renewed":
    case "lease-taken":
    case "lease-lost": {
      const reason: "missing" | "rejected" | "renewal" = event.reason;
      // @ts-expect-error Only a rejection has a code.
      const code: string = event.code;
      return reason + code;
    }
    case "rejected": {
      const code: DarajaError["code"] | undefined = event.code;
      return code ?? "replaced";
    }
    default: {
      const type: "shared" | "waited" | "store-error" | "contention" = event.type;
      return type;
    }
  }
}

export async function manages(client: RedisClient, pool: PostgresClient, signal: AbortSignal): Promise<string> {
  const stores: TokenStore[] = [redisStore(client), postgresStore(pool), fileStore("tokens"), memoryStore()];
  const [store] = stores;
  if (!store) return "";
  const events: TokenEvent[] = [];
  const tokens = new TokenManager({
    credentials: async () => ({ consumerKey: "key", consumerSecret: "secret" }),
    environment: "production",
    store,
    renewBeforeMs: 60_000,
    onStoreDown: "fail",
    onEvent: (event) => events.push(event),
    policy: { drainMs: 0 },
  });
  const { accessToken } = await tokens.getToken({ signal, deadlineMs: 1000, waitUntil: (promise) => void promise });
  const response: Response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", { retryOnRejection: false });
  if (await isTokenRejected(response))
    await tokens.report(accessToken, { endpoint: "/mpesa/stkpush/v1/processrequest" });
  tokens.accepted(accessToken, { endpoint: "/mpesa/stkpush/v1/processrequest" });
  const asFetch: typeof globalThis.fetch = tokens.fetch;
  await asFetch(new URL("https://api.safaricom.co.ke/mpesa"));
  const live: string = tokens.peek()?.accessToken ?? "";
  tokens.close();
  for (const { name, run } of storeConformance(() => store)) console.log(name, run);
  const { DARAJA_BASE_URL }: { DARAJA_BASE_URL?: string } = {};
  new TokenManager({ consumerKey: "key", consumerSecret: "secret", baseUrl: DARAJA_BASE_URL, store: undefined });
  const key: { consumerKey: string | undefined; consumerSecret: string | undefined } = {
    consumerKey: undefined,
    consumerSecret: undefined,
  };
  new TokenManager(key);
  const seal = async (text: string): Promise<string> => text;
  new TokenManager({ ...key, seal, open: seal });
  new TokenManager({ ...key, open: seal });
  // @ts-expect-error The option open is missing.
  new TokenManager({ ...key, seal });
  // @ts-expect-error The credentials are two strings or a function, not both.
  new TokenManager({ ...key, credentials: () => key });
  // @ts-expect-error There are no credentials.
  new TokenManager({});
  // @ts-expect-error A TokenStore can compare and swap.
  new TokenManager({ consumerKey: "key", consumerSecret: "secret", store: { load: store.load } });
  // @ts-expect-error The policy has no such number.
  new TokenManager({ ...key, policy: { patience: 1 } });
  // @ts-expect-error This number is for tests only.
  new TokenManager({ ...key, policy: { budget: 1 } });
  const dispose: () => void = tokens[Symbol.dispose];
  dispose();
  return live;
}
