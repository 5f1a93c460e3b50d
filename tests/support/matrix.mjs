/**
 * Whether all of the matrix is tested: every Node, every client of a store, every setting of TypeScript. npm test takes
 * one of each, and npm run test:all takes all.
 */
export const isWhole = process.env.DARAJA_MATRIX !== "small";
