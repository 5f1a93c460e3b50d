/** Leaves what the promise gives where the test looks for it. */
export async function show(promise) {
  const element = document.createElement("pre");
  element.id = "outcome";
  element.textContent = JSON.stringify(await promise.catch((error) => ({ broken: String(error?.stack ?? error) })));
  document.body.append(element);
}
