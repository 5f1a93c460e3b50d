// Fills the table of the package's errors. Each row comes from an error that was really thrown.
import { element, unseen } from "./element.js";
import { commit, faults } from "./faults.js";

/**
 * Commits all faults, and adds a row for each error code that they cause. `see(id)` shows the fault in the lab.
 *
 * @param {HTMLElement} body
 * @param {(id: string) => void} see
 */
export async function fillErrorCodes(body, see) {
  const results = await Promise.all(faults.map(async (fault) => ({ fault, ...(await commit(fault)) })));
  const codes = new Map();
  for (const { fault, error } of results) {
    if (error && !codes.has(error.code)) codes.set(error.code, { fault, error });
  }
  for (const [code, { fault, error }] of codes) {
    const button = element("button", { type: "button", class: "small" }, "See it", unseen(`: ${fault.name}`));
    button.addEventListener("click", () => see(fault.id));
    body.append(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, element("code", {}, code), " ", retryableOf(error)),
        element("td", { "data-label": "hint" }, error.hint),
        element("td", {}, button),
      ),
    );
  }
}

/** @param {Page.Failure} error */
function retryableOf({ retryable }) {
  return element("span", { class: "beside" }, retryable ? "retryable" : "not retryable");
}
