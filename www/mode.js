// The texts of the page about the source of its tokens.

const SIMULATED = "No: they are simulated, and not valid at Daraja.";
const REAL = "Yes. Anyone with a token can call Daraja as your app until it ends, so treat it as a secret. ";

/** @type {Record<string, { name: string, text: string, real: string }>} */
const TEXTS = {
  static: {
    name: "Simulated in this page",
    text: "The simulator runs in your browser. Nothing leaves this page.",
    real: SIMULATED,
  },
  simulator: {
    name: "Simulated on your machine",
    text:
      "The server on your machine simulates Daraja. Other programs reach it too: run the copied code in a terminal, and " +
      "see these tokens die.",
    real: SIMULATED,
  },
  sandbox: {
    name: "Real sandbox",
    text: "The server on your machine holds your keys and asks Daraja’s sandbox. This page never sees the secret.",
    real: `${REAL}The keys stay with the server on your machine.`,
  },
  production: {
    name: "Real production",
    text:
      "The server on your machine holds your keys and asks Daraja. Each token replaces the one that your live systems " +
      "use.",
    real: `${REAL}The keys stay with the server on your machine.`,
  },
};

/**
 * Writes the texts of a mode into the page.
 *
 * @param {string} mode
 * @param {Record<"box" | "name" | "text" | "real", HTMLElement>} elements
 */
export function tellMode(mode, { box, name, text, real }) {
  const texts = TEXTS[mode];
  if (!texts) throw new Error(`the page knows no mode ${mode}`);
  box.dataset.mode = mode;
  name.textContent = texts.name;
  text.textContent = texts.text;
  real.textContent = texts.real;
}
