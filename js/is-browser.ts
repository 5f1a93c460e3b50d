/** Whether this is a page or a worker of a browser. Other runtimes have another user agent, or none. */
export const isBrowser = (): boolean => /^Mozilla\//.test(globalThis.navigator?.userAgent);
