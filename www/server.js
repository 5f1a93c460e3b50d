// The endpoints of the page's own server, which no other site can use: it checks where a request comes from.

/**
 * Asks the server, and gives what it answers in JSON.
 *
 * @param {string} endpoint
 */
export async function ask(endpoint, question = {}) {
  const response = await fetch(`demo/${endpoint}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/**
 * What to show where the server did not answer.
 *
 * @param {unknown} error
 * @returns {Page.Failure}
 */
export function serverFailure(error) {
  return {
    code: "no answer from this page’s server",
    message: error instanceof Error ? error.message : String(error),
    hint: "Is its program still running? Start it again, then reload this page.",
  };
}
