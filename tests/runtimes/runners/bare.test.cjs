/** @jest-environment ./bare-environment.cjs */

// jsdom's environment has no TextDecoder and no fetch, and resolves packages as a browser does.
test("an environment without TextDecoder can import the package", () => {
  expect(typeof TextDecoder).toBe("undefined");
  const { DarajaError, generateToken } = require("daraja-auth");
  expect(generateToken).toBeInstanceOf(Function);
  expect(DarajaError.prototype).toBeInstanceOf(Error);
});
