// Whether what a user gave as `store` is one; if not, which of the usual mistakes it is.
import { can, kindOf, refusal } from "./refusal.js";

const METHODS = ["load", "compareAndSwap"];

/** What people have at hand and pass, by what it can do; the first that fits. */
const MISTAKES = [
  {
    what: "a Cloudflare KV namespace",
    methods: "get put getWithMetadata list delete",
    hint:
      "KV has no compare-and-swap, and what it reads may be 60 seconds old, so instances would kill each other's " +
      'tokens. Use a Durable Object: durableObjectStore(env.DARAJA_TOKENS) of "daraja-auth/durable-object".',
  },
  { what: "a Durable Object namespace", methods: "idFromName get", wrap: ["durableObjectStore", "durable-object"] },
  { what: "a Redis client", methods: "eval evalSha", wrap: ["redisStore", "redis"] },
  { what: "a Redis client", methods: "eval evalsha", wrap: ["redisStore", "redis"] },
  { what: "a DynamoDB client", methods: "send destroy", wrap: ["dynamodbStore", "dynamodb"] },
  { what: "a DynamoDB client", methods: "batchGet transactWrite", wrap: ["dynamodbStore", "dynamodb"] },
  { what: "a Postgres client", methods: "unsafe", wrap: ["postgresStore", "postgres"] },
  { what: "a Postgres client", methods: "query", wrap: ["postgresStore", "postgres"] },
  { what: "a key-value store without compare-and-swap", methods: "get set delete", hint: plain() },
  { what: "a key-value store without compare-and-swap", methods: "getItem setItem", hint: plain() },
];

/** Throws ERR_DARAJA_INVALID_OPTION unless the object can be used as a TokenStore. */
export function checkStore(store) {
  let missing;
  let mistake;
  try {
    missing = METHODS.filter((name) => !can(store, name));
    mistake = missing.length > 0 && MISTAKES.find(({ methods }) => can(store, methods));
  } catch {
    throw refusal("store: expected a TokenStore, found a property that throws when it is read", plain());
  }
  if (missing.length === 0) return;
  if (mistake) {
    const { what, wrap, hint } = mistake;
    const remedy = wrap && `You passed the client: wrap it in ${wrap[0]}(client), of "daraja-auth/${wrap[1]}".`;
    throw refusal(`store: expected a TokenStore, found ${what}`, hint ?? remedy);
  }
  const isObject = typeof store === "object" && store !== null;
  const found = isObject ? `an object without ${missing.join(" and ")}` : kindOf(store);
  throw refusal(`store: expected a TokenStore, found ${found}`, plain());
}

function plain() {
  return (
    "A token that others may replace needs load and compareAndSwap, as the stores of daraja-auth/redis, /postgres, " +
    "/durable-object, /dynamodb and /file have them."
  );
}
