// Shows an HTTP message: the request that was sent, or the response.
import { element, unseen } from "./element.js";
import { isSecret, masked } from "./exchange.js";

/**
 * The request, with its secret or token masked. With `isAskable`, a button shows them.
 *
 * @param {Page.Request} request
 */
export function requestCard(request, { title = "Request, as sent", isAskable = false } = {}) {
  const text = element("pre");
  const show = (/** @type {boolean} */ isShown) => {
    const { method, path, host, headers, body } = isShown ? request : masked(request);
    text.replaceChildren(
      element("span", { class: "start" }, method, " ", path),
      ...header("Host", host),
      ...headers.flatMap(([name, value]) => header(name, value)),
      ...(body ? ["\n\n", ...breakable(body)] : []),
    );
  };
  show(false);
  const hasSecret = request.headers.some(([name]) => isSecret(name));
  const button = isAskable && hasSecret ? revealButton("the Authorization header", show) : undefined;
  return card("request", title, button, text);
}

/**
 * The response, or why there is none.
 *
 * @param {Page.Response | undefined} response
 * @param {{ title?: string, absence?: string | undefined }} [words]
 */
export function responseCard(response, { title = "Response", absence = "No answer came." } = {}) {
  if (!response) return card("response", title, undefined, element("p", { class: "absence" }, absence));
  const { status, headers, body, isWhole } = response;
  const text = element("pre", {}, ...headers.flatMap(([name, value], i) => header(name, value, i === 0)));
  if (headers.length > 0) text.append("\n\n");
  text.append(...(body === "" ? [element("span", { class: "remark" }, "(the body is empty)")] : breakable(body)));
  if (!isWhole) text.append(element("span", { class: "remark broken" }, " (here it broke off)"));
  const level = status < 300 ? "good" : "bad";
  return card(
    "response",
    title,
    element("span", { class: `status ${level}` }, unseen("HTTP status "), `${status}`),
    text,
  );
}

/**
 * A button that shows a hidden text, and hides it again.
 *
 * @param {string} what
 * @param {(isShown: boolean) => void} show
 */
export function revealButton(what, show) {
  let isShown = false;
  const word = element("span", {}, "Show");
  const button = element("button", { type: "button", class: "small" }, word, unseen(` ${what}`));
  button.addEventListener("click", () => {
    isShown = !isShown;
    word.textContent = isShown ? "Hide" : "Show";
    show(isShown);
  });
  return button;
}

/**
 * @param {string} kind
 * @param {string} title
 * @param {Node | undefined} aside
 * @param {Node} content
 */
function card(kind, title, aside, content) {
  const heading = element("div", { class: "heading" }, element("h3", {}, title), aside);
  return element("article", { class: `message ${kind}` }, heading, content);
}

/**
 * A body, which may break after each comma: lines of JSON then break between members, and not inside of words.
 *
 * @param {string} body
 */
function breakable(body) {
  return body.split(/(?<=,)/).flatMap((part) => [part, element("wbr")]);
}

/**
 * @param {string} name
 * @param {string} value
 */
function header(name, value, isFirst = false) {
  return [isFirst ? "" : "\n", element("span", { class: "name" }, `${name}:`), ` ${value}`];
}
