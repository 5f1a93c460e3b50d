// Calls the endpoints of the page's own server. The server checks the origin of a request, so no other site can use it.

/**
 * Asks the server, and returns the JSON of its answer.
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
 * The error to show if the server did not answer, or refused.
 *
 * @param {unknown} error
 * @returns {Page.Failure}
 */
export function serverFailure(error) {
  return {
    code: "no result from this page’s server",
    message: error instanceof Error ? error.message : String(error),
    hint: "Is its program still running? Start it again, then reload this page.",
  };
}
