/** A plain object without what it inherits: see propertyOf in options.ts. An instance of a class stays as it is. */
export const withoutInherited = <T extends object>(given: T): T =>
  Object.getPrototypeOf(given) === Object.prototype ? { __proto__: null, ...given } : given;
