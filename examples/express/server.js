import { TokenManager } from "daraja-auth";
import express from "express";
import { stkPush } from "../stk-push.mjs";

const tokens = new TokenManager({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  baseUrl: process.env.DARAJA_BASE_URL, // not set: the sandbox
});

const app = express();
app.post("/pay", express.json(), async (request, response) => {
  const { status, body } = await stkPush(tokens, process.env, request.body);
  response.status(status).json(body);
});
const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
