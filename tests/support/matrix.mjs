/**
 * Whether the whole matrix is tested: every Node, every client of a store, every setting of TypeScript. `npm test` uses
 * one of each, and `npm run test:all` uses all.
 */
export const isWhole = process.env.DARAJA_MATRIX !== "small";
