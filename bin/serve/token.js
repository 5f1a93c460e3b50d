// Answers GET /token for reverse proxies, and POST /rejected and /accepted for clients that call Daraja themselves.
import { Throttled } from "./admission.js";
import { darajaError, json, noToken, throttled } from "./answer.js";
import { pairOf } from "./oauth.js";

/** The longest time for which nginx may cache the token (X-Accel-Expires). */
const CACHED_SECONDS = 5;
/** A token with more life left than this is not renewed, only replaced if it is rejected. So nginx may cache it. */
const RENEWED_WITH_SECONDS = 400;

const unknownClient = () =>
  darajaError(401, "ERR_DARAJA_INVALID_CREDENTIALS", "This needs the Basic pair of a client.", {
    "WWW-Authenticate": 'Basic realm="daraja-auth", charset="UTF-8"',
  });

const notDirect = () =>
  darajaError(
    403,
    "ERR_DARAJA_REFUSED",
    'This client\'s tokens are for this server only. "direct": true in the file of clients changes that.',
  );

/** The client that asks, and the answer if it may not have Daraja's own token. @returns {Promise<any>} */
async function clientOf(incoming, { admission }) {
  const pair = pairOf(incoming.headers.authorization);
  try {
    const client = pair === undefined ? undefined : await admission.admit(pair, incoming);
    if (!client) return { answer: unknownClient() };
    return client.client?.isDirect === false ? { client, answer: notDirect() } : { client };
  } catch (error) {
    if (error instanceof Throttled) return { answer: throttled(error) };
    throw error;
  }
}

/** Answers with the live token: in the body, and as the header that Daraja's APIs want. */
export async function give(incoming, service, now = Date.now) {
  const found = await clientOf(incoming, service);
  if (found.answer) return found;
  const { client } = found;
  try {
    return { client, answer: tokenAnswer(await client.app.token(), now()) };
  } catch (error) {
    return { client, answer: noToken(error) };
  }
}

function tokenAnswer({ accessToken, expiresAt }, now) {
  const seconds = Math.floor((expiresAt - now) / 1000) - RENEWED_WITH_SECONDS;
  return json(
    200,
    { accessToken, expiresAt },
    {
      Authorization: `Bearer ${accessToken}`,
      // Only nginx reads this header, and prefers it to the `no-store` of json().
      "X-Accel-Expires": String(Math.min(Math.max(seconds, 0), CACHED_SECONDS)),
    },
  );
}

/** Takes a client's report that Daraja rejected a token. Answers with the token to use instead. */
export async function hearRejected(incoming, outgoing, service, now = Date.now) {
  const heard = await hear(incoming, outgoing, service);
  if (heard.answer) return heard;
  const { client, accessToken, endpoint } = heard;
  try {
    return { client, answer: tokenAnswer(await client.app.report(accessToken, endpoint), now()) };
  } catch (error) {
    return { client, answer: error.isTooSoon ? throttled(error, TOO_SOON) : noToken(error) };
  }
}

/** Takes a client's report that Daraja accepted a token. */
export async function hearAccepted(incoming, outgoing, service) {
  const heard = await hear(incoming, outgoing, service);
  if (heard.answer) return heard;
  const { client, accessToken, endpoint } = heard;
  if (endpoint === undefined) return { client, answer: unreadable() };
  client.app.accepted(accessToken, endpoint);
  return { client, answer: { status: 204, headers: {}, body: "" } };
}

const TOO_SOON = "Another report has replaced a token a moment ago.";

const unreadable = () =>
  darajaError(400, "ERR_DARAJA_INVALID_OPTION", 'Expected {"accessToken": "…", "endpoint": "/mpesa/…"} in JSON.');

/** Reads a client's report on a token, which is JSON in a POST. @returns {Promise<any>} */
async function hear(incoming, outgoing, service) {
  if (incoming.method !== "POST") {
    return { answer: darajaError(405, "ERR_DARAJA_REFUSED", "Only POST is taken here.", { Allow: "POST" }) };
  }
  const found = await clientOf(incoming, service);
  if (found.answer) return found;
  const { client } = found;
  const body = await service.bodies.read(incoming, outgoing);
  service.bodies.release(body);
  let said;
  try {
    said = JSON.parse(String(body));
  } catch {
    // The answer is the same as for JSON without these members.
  }
  const { accessToken, endpoint } = said ?? {};
  const isRead = typeof accessToken === "string" && ["string", "undefined"].includes(typeof endpoint);
  return isRead ? { client, accessToken, endpoint } : { client, answer: unreadable() };
}
