/** Writes the result of the promise into the element that the test reads. */
export async function show(promise) {
  const element = document.createElement("pre");
  element.id = "outcome";
  element.textContent = JSON.stringify(await promise.catch((error) => ({ broken: String(error?.stack ?? error) })));
  document.body.append(element);
}
