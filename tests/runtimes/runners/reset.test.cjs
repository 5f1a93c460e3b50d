// jest loads a module of a shop again after jest.resetModules. Each new manager uses the first manager's token.
const { Simulator } = require("daraja-auth/simulator");

test("managers before and after jest.resetModules share one token", async () => {
  const simulator = new Simulator();
  globalThis.fetch = simulator.fetch;
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const tokens = [];
  const classes = new Set();
  for (let load = 0; load < 3; load++) {
    jest.resetModules();
    const { TokenManager } = require("daraja-auth");
    classes.add(TokenManager);
    const { accessToken } = await new TokenManager({ consumerKey, consumerSecret }).getToken();
    tokens.push(accessToken);
  }
  expect(classes.size).toBe(3);
  expect(new Set(tokens).size).toBe(1);
  expect(simulator.requests.map(({ outcome }) => outcome)).toEqual(["token"]);
});

test("the fetch of daraja-auth/node stays the same function, by which managers find their shared token", () => {
  const functions = new Set();
  for (let load = 0; load < 3; load++) {
    jest.resetModules();
    functions.add(require("daraja-auth/node").fetch);
  }
  expect(functions.size).toBe(1);
});
