// GET /token for reverse proxies, and POST /rejected and /accepted for clients that call Daraja themselves.
import { Throttled } from "./admission.js";
import { darajaError, json, noToken, throttled } from "./answer.js";
import { pairOf } from "./oauth.js";

/** How long nginx may keep the token (X-Accel-Expires), unless a renewal may come earlier. */
const CACHED_SECONDS = 5;
/** A token is renewed at the earliest with this much left, so until then it is not replaced unless it is rejected. */
const RENEWED_WITH_SECONDS = 400;

const unknownClient = () =>
  darajaError(401, "ERR_DARAJA_INVALID_CREDENTIALS", "This needs the Basic pair of a client.", {
    "WWW-Authenticate": 'Basic realm="daraja-auth", charset="UTF-8"',
  });

const notDirect = () =>
  darajaError(
    403,
    "ERR_DARAJA_REFUSED",
    "This client's tokens are for this server only: it is not direct in the file.",
  );

/** The client that asks and may have Daraja's own token, or the answer to one that may not. @returns {Promise<any>} */
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

/** Gives the live token: in the body, and as the header that Daraja's APIs want. */
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
      // Only nginx reads this header, and prefers it to the no-store below.
      "X-Accel-Expires": String(Math.min(Math.max(seconds, 0), CACHED_SECONDS)),
    },
  );
}

/** A client says that Daraja rejected a token: gives the one to use instead. */
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

/** A client says that Daraja accepted a token. */
export async function hearAccepted(incoming, outgoing, service) {
  const heard = await hear(incoming, outgoing, service);
  if (heard.answer) return heard;
  const { client, accessToken, endpoint } = heard;
  if (endpoint === undefined) return { client, answer: unreadable() };
  client.app.accepted(accessToken, endpoint);
  return { client, answer: { status: 204, headers: {}, body: "" } };
}

const TOO_SOON = "A token was replaced a moment ago for such a report.";

const unreadable = () =>
  darajaError(400, "ERR_DARAJA_INVALID_OPTION", 'Expected {"accessToken": "…", "endpoint": "/mpesa/…"} in JSON.');

/** Reads what a client says of a token, by POST and in JSON. @returns {Promise<any>} */
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
    // As for what has no such members.
  }
  const { accessToken, endpoint } = said ?? {};
  const isRead = typeof accessToken === "string" && ["string", "undefined"].includes(typeof endpoint);
  return isRead ? { client, accessToken, endpoint } : { client, answer: unreadable() };
}
