// Checks whether a user's `store` is a TokenStore. If not, the error names the usual mistake.
import { isolated } from "#wasm";
import { hasMethods, invalidOption } from "./invalid-option.ts";
import type { TokenStore } from "./store.ts";

const METHODS = ["load", "compareAndSwap"];

/** An object that people pass as a store by mistake. Its methods identify it. */
interface Mistake {
  readonly what: string;
  readonly methods: string;
  readonly hint: string;
}

const PLAIN =
  "It needs load and compareAndSwap, as the stores of daraja-auth/redis, /postgres, /durable-object, /dynamodb and " +
  "/file have.";

const wrapIn = (name: string, entry: string) =>
  `You passed the client: wrap it in ${name}(client), of "daraja-auth/${entry}".`;

/** Clients of databases. The entries for workers do not know them, to save 200 bytes. */
const CLIENTS: readonly Mistake[] = [
  { what: "a Redis client", methods: "eval evalSha", hint: wrapIn("redisStore", "redis") },
  { what: "a Redis client", methods: "eval evalsha", hint: wrapIn("redisStore", "redis") },
  { what: "a DynamoDB client", methods: "send destroy", hint: wrapIn("dynamodbStore", "dynamodb") },
  { what: "a DynamoDB client", methods: "batchGet transactWrite", hint: wrapIn("dynamodbStore", "dynamodb") },
  { what: "a Postgres client", methods: "unsafe", hint: wrapIn("postgresStore", "postgres") },
  { what: "a Postgres client", methods: "query", hint: wrapIn("postgresStore", "postgres") },
];

/** The error names the first one that the value matches. */
const mistakes = (): readonly Mistake[] => [
  {
    what: "a Cloudflare KV namespace",
    methods: "get put getWithMetadata list delete",
    hint:
      "KV has no compare-and-swap, and what it reads may be 60 seconds old. Use a Durable Object: " +
      'durableObjectStore(env.DARAJA_TOKENS) of "daraja-auth/durable-object".',
  },
  {
    what: "a Durable Object namespace",
    methods: "idFromName get",
    hint: wrapIn("durableObjectStore", "durable-object"),
  },
  ...(isolated ? [] : CLIENTS),
  ...["get set delete", "getItem setItem"].map((methods) => ({
    what: "a key-value store without compare-and-swap",
    methods,
    hint: PLAIN,
  })),
];

/** Throws ERR_DARAJA_INVALID_OPTION unless the value, of that kind, can be used as a TokenStore. */
export function checkStore(store: unknown, kind: string): asserts store is TokenStore {
  let found = kind;
  let hint = PLAIN;
  try {
    const missing = METHODS.filter((name) => !hasMethods(store, name));
    if (missing.length === 0) return;
    if (kind === "an object") found = `an object without ${missing.join(" and ")}`;
    const mistake = mistakes().find(({ methods }) => hasMethods(store, methods));
    if (mistake) ({ what: found, hint } = mistake);
  } catch {
    found = "a property that throws when it is read";
  }
  throw invalidOption(`store: expected a TokenStore, found ${found}`, hint);
}
