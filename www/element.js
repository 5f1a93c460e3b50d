// Makes elements; the page has no other templates.

/** An element with attributes, or properties where the name starts with a dot, and children; nothing becomes of undefined ones. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG, which is decoration here: what it says is said in text beside it. */
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

/** Text for ears only. */
export function unseen(text) {
  return element("span", { class: "unseen" }, text);
}
