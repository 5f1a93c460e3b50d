/** @jest-environment jsdom */

const { generateToken } = require("daraja-auth");

test("the error of a call in jsdom says what is missing, and what to do", async () => {
  const fetch = async () => {
    throw new Error("nothing should be sent");
  };
  await expect(generateToken({ consumerKey: "key", consumerSecret: "secret", fetch })).rejects.toMatchObject({
    code: "ERR_DARAJA_INTERNAL",
    hint: "There is no TextDecoder here. In jest, use @jest-environment node; in Node, no --jitless.",
  });
});
