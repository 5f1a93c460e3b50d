/** Whether this is a page or a worker of a browser. Other runtimes name themselves otherwise, or not at all. */
export const isBrowser = (): boolean => /^Mozilla\//.test(globalThis.navigator?.userAgent);
