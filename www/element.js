// Makes elements; the page has no other templates.

/** Makes an element. A name with a dot before it is a property, any other an attribute. Skips undefined children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG. SVG is decoration here: the text beside it says the same. */
export function drawing(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  if (tag === "svg") made.setAttribute("aria-hidden", "true");
  set(made, attributes);
  made.append(...children);
  return made;
}

function set(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith(".")) made[name.slice(1)] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
}

/** Text that only screen readers get. */
export function unseen(text) {
  return element("span", { class: "unseen" }, text);
}
