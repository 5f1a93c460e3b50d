/**
 * Whether the whole matrix is tested: every Node, every client of a store, every setting of TypeScript. `npm test` uses
 * one of each. `npm run test:all`, `npm test -- NAME` and `node --test FILE` use all.
 */
export const isWhole = process.env.DARAJA_MATRIX !== "small";
