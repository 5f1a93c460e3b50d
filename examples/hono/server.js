import { serve } from "@hono/node-server";
import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import { Hono } from "hono";
import { paybillFrom, stkPush } from "../stk-push.mjs";

const tokens = new TokenManager(fromEnv());
const paybill = paybillFrom(process.env, tokens.baseUrl);

const app = new Hono();
app.post("/pay", async (context) => {
  const { status, body } = await stkPush(tokens, paybill, await context.req.json());
  return context.json(body, status);
});
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/`);
});
