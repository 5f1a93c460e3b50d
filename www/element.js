// Makes elements. The page has no templates.

/** @typedef {Node | string | undefined} Child */

/**
 * Makes an element. A name that begins with a dot sets a property, any other name an attribute. Undefined children are
 * skipped.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {(Child | Child[])[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  set(made, attributes);
  for (const child of children.flat()) if (child !== undefined) made.append(child);
  return made;
}

/**
 * The element of the page with this id.
 *
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element of SVG. SVG is decoration here: the text beside it says the same.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {Node[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function drawing(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  if (tag === "svg") made.setAttribute("aria-hidden", "true");
  set(made, attributes);
  made.append(...children);
  return made;
}

/**
 * @param {Element} made
 * @param {Record<string, string | number | boolean | undefined>} attributes
 */
function set(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith(".")) Object.assign(made, { [name.slice(1)]: value });
    else made.setAttribute(name, value === true ? "" : `${value}`);
  }
}

/**
 * Text that only screen readers get.
 *
 * @param {string} text
 */
export function unseen(text) {
  return element("span", { class: "unseen" }, text);
}
