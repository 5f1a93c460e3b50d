// Answers GET /oauth/v1/generate as Daraja does, with the live token.
import { Throttled } from "./admission.js";
import { json, noToken, throttled, wrongGrant, wrongHeader, wrongPair, wrongScheme } from "./answer.js";

/** The documented path is v1; v2 and v3 are in use. */
export const TOKEN_PATH = /^\/oauth\/v\d\/generate$/;

/**
 * The pair `key:secret` in a header Authorization: RFC 7617, in the base64 of RFC 4648. It is undefined without Basic,
 * and empty if the base64 is wrong.
 */
export function pairOf(authorization = "") {
  const [, encoded] = /^basic +(\S+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  return bytes.toString("base64") === encoded ? bytes.toString("utf8") : "";
}

export async function grant(incoming, { query }, admission) {
  const { method, headers } = incoming;
  if (method !== "GET") return { answer: wrongHeader() };
  const pair = pairOf(headers.authorization);
  if (pair === undefined) return { answer: wrongScheme() };
  if (new URLSearchParams(query).get("grant_type") !== "client_credentials") return { answer: wrongGrant() };
  let client;
  try {
    client = await admission.admit(pair, incoming);
    if (!client) return { answer: wrongPair() };
    return { client, answer: json(200, client.app.asGrant(await admission.tokenOf(client))) };
  } catch (error) {
    if (error instanceof Throttled) return { answer: throttled(error) };
    return { client, answer: client.app.refusal ?? noToken(error) };
  }
}
