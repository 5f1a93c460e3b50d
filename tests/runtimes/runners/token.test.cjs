const { DarajaError, generateToken } = require("daraja-auth");

const { CONSUMER_KEY: consumerKey, CONSUMER_SECRET: consumerSecret, DARAJA_URL: baseUrl } = process.env;

test("the shop gets a token", async () => {
  const token = await generateToken({ consumerKey, consumerSecret, baseUrl });
  expect(token).toEqual({
    accessToken: expect.any(String),
    expiresIn: 3599,
    expiresAt: expect.any(Number),
  });
});

test("the shop is told about a wrong secret", async () => {
  const call = generateToken({ consumerKey, consumerSecret: "wrong", baseUrl });
  await expect(call).rejects.toThrow(DarajaError);
  await expect(call).rejects.toMatchObject({ name: "DarajaError", code: "ERR_DARAJA_INVALID_CREDENTIALS" });
});

test("the shop's signal ends a call that hangs", async () => {
  const call = generateToken({ consumerKey, consumerSecret, baseUrl, path: "/hang", signal: AbortSignal.timeout(100) });
  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
});
