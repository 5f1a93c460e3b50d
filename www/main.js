// The page: opens its upstream and starts its parts.

import { byId } from "./element.js";
import { fillErrorCodes } from "./error-codes.js";
import { faults } from "./faults.js";
import { failureOf } from "./finding.js";
import { Lab } from "./lab.js";
import { tellMode } from "./mode.js";
import { modeOfPage, openUpstream } from "./upstream.js";
import { Workbench } from "./workbench.js";

const mode = modeOfPage();
tellMode(mode, { box: byId("mode"), name: byId("mode-name"), text: byId("mode-text"), real: byId("real") });

const lab = new Lab({ list: byId("faults"), finding: byId("finding"), news: byId("lab-news") });
if (faults[0]) lab.pick(faults[0], { isAsked: false });
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-fault]"))) {
  button.addEventListener("click", () => see(button.dataset.fault));
}
fillErrorCodes(byId("codes"), see);

try {
  new Workbench(await openUpstream(mode));
} catch (error) {
  byId("failure").textContent = `The page’s server does not answer: ${failureOf(error).message}`;
  byId("failure").hidden = false;
}

/**
 * Shows a fault in the lab, from another part of the page.
 *
 * @param {string | undefined} id
 */
function see(id) {
  byId("lab-title").focus();
  lab.pickById(id);
}
