/**
 * Whether the whole matrix is tested, such as every Node, every client of a store and every setting of TypeScript.
 * `npm test` tests a part of it. `npm run test:all`, `npm test -- --all NAME` and `node --test FILE` test all.
 */
export const isWhole = process.env.DARAJA_MATRIX !== "small";
