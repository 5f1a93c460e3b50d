import { generateToken } from "daraja-auth";
import nock from "nock";

nock.disableNetConnect();
const daraja = nock("https://sandbox.safaricom.co.ke")
  .get("/oauth/v1/generate")
  .query({ grant_type: "client_credentials" });
daraja.basicAuth({ user: "key", pass: "secret" }).reply(200, { access_token: "mocked", expires_in: "3599" });
const { accessToken } = await generateToken({ consumerKey: "key", consumerSecret: "secret", environment: "sandbox" });

nock("https://sandbox.safaricom.co.ke")
  .get(/generate/)
  .reply(400);
const { code } = await generateToken({ consumerKey: "key", consumerSecret: "wrong" }).catch((error) => error);
console.log(accessToken, code);
