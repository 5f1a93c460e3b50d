// Shows the result of a call: the DarajaError that your code catches, or the token that it gets.
import { element } from "./element.js";

/** @type {(keyof Page.Failure)[]} */
const FIELDS = ["status", "errorCode", "requestId", "incidentId", "retryable", "retryAfterMs", "attempts"];

/**
 * The thrown value as an error.
 *
 * @param {unknown} thrown
 * @returns {Page.Failure}
 */
export function failureOf(thrown) {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * Shows a DarajaError, or an object with its fields that the server sent.
 *
 * @param {Page.Failure} error
 */
export function errorCard(error, title = "What your code catches") {
  const fields = FIELDS.filter((name) => error[name] !== undefined).flatMap((name) => [
    element("dt", {}, name),
    element("dd", {}, element("code", {}, JSON.stringify(error[name]))),
  ]);
  return element(
    "article",
    { class: "error" },
    element("h3", {}, title),
    element("p", { class: "code" }, element("code", {}, error.code ?? error.name ?? "Error")),
    element("p", { class: "message-text" }, error.message),
    error.hint === undefined ? undefined : element("p", { class: "hint" }, element("strong", {}, "Hint "), error.hint),
    fields.length > 0 ? element("dl", { class: "fields" }, ...fields) : undefined,
  );
}

/**
 * Shows the object that generateToken resolves to.
 *
 * @param {Page.Grant} token
 */
export function tokenCard(token, title = "What your code gets") {
  const text = JSON.stringify(token, null, 2);
  return element("article", { class: "message" }, element("h3", {}, title), element("pre", {}, text));
}
