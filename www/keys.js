// Lets a person choose an app, and shows its keys.
import { element } from "./element.js";
import { MASK } from "./exchange.js";
import { revealButton } from "./message.js";

/**
 * Fills the fieldset with a radio button for each app. Calls `choose` with the first app, and after each choice.
 *
 * @param {HTMLElement} fieldset
 * @param {readonly Page.App[]} apps
 * @param {(app: Page.App) => void} choose
 */
export function chooseApp(fieldset, apps, choose) {
  for (const [i, app] of apps.entries()) {
    const radio = element("input", { type: "radio", name: "app", value: i, checked: i === 0 });
    radio.addEventListener("change", () => choose(app));
    const words = [element("span", { class: "app-name" }, app.name), environmentOf(app)];
    fieldset.append(element("label", { class: "app" }, radio, ...words));
  }
  if (apps[0]) choose(apps[0]);
}

/** @param {Page.App} app */
function environmentOf({ environment }) {
  return element("span", { class: `environment ${environment}` }, environment ?? "sandbox and production");
}

/**
 * Shows an app's keys. The secret is hidden until the user asks for it. If the server holds the keys, the names of
 * their variables are shown.
 *
 * @param {HTMLElement} list
 * @param {Page.App} app
 */
export function showKeys(list, { consumerKey = "", consumerSecret = "", variables }) {
  if (variables) {
    const held = (/** @type {string} */ name) => [
      element("code", {}, name),
      element("span", { class: "held" }, "held by the server"),
    ];
    const [key, secret] = variables;
    list.replaceChildren(...row("Consumer key", ...held(key)), ...row("Consumer secret", ...held(secret)));
    return;
  }
  const secret = element("code", { id: "secret" }, MASK);
  const show = (/** @type {boolean} */ isShown) => {
    secret.textContent = isShown ? consumerSecret : MASK;
  };
  list.replaceChildren(
    ...row("Consumer key", element("code", { id: "key" }, consumerKey)),
    ...row("Consumer secret", secret, revealButton("the consumer secret", show)),
  );
}

/**
 * @param {string} name
 * @param {(Node | string)[]} value
 */
function row(name, ...value) {
  return [element("dt", {}, name), element("dd", {}, ...value)];
}
