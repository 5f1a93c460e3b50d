import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import { paybillFrom, stkPush } from "../stk-push.mjs";

const env = Deno.env.toObject();
const tokens = new TokenManager(fromEnv({}, env));
const paybill = paybillFrom(env, tokens.baseUrl);

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(env.PORT ?? 3000),
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`),
  async handler(request) {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/pay") {
      return new Response("Not found", { status: 404 });
    }
    const { status, body } = await stkPush(tokens, paybill, await request.json());
    return Response.json(body, { status });
  },
});
