import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import { paybillFrom, stkPush } from "../stk-push.mjs";

const tokens = new TokenManager(fromEnv());
const paybill = paybillFrom(process.env, tokens.baseUrl);

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: process.env.PORT ?? 3000,
  routes: {
    "/pay": {
      async POST(request) {
        const { status, body } = await stkPush(tokens, paybill, await request.json());
        return Response.json(body, { status });
      },
    },
  },
});
console.log(server.url.href);
