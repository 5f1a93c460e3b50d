import { serve } from "@hono/node-server";
import { TokenManager } from "daraja-auth";
import { Hono } from "hono";
import { stkPush } from "../stk-push.mjs";

const tokens = new TokenManager({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  baseUrl: process.env.DARAJA_BASE_URL, // not set: the sandbox
});

const app = new Hono();
app.post("/pay", async (context) => {
  const { status, body } = await stkPush(tokens, process.env, await context.req.json());
  return context.json(body, status);
});
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/`);
});
