/** Whether a body can be sent only once. Instances of the package form-data are streams too. */
export function isStream(body: unknown): boolean {
  const object = body as Record<PropertyKey, unknown> | undefined;
  return ["getReader", "pipe", Symbol.asyncIterator].some((name) => typeof object?.[name] === "function");
}
