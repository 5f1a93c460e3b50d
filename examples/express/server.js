import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import express from "express";
import { outcomeOf, paybillFrom, stkPush } from "../stk-push.mjs";

const tokens = new TokenManager(fromEnv());
const paybill = paybillFrom(process.env, tokens.baseUrl);

const app = express();
app.post("/pay", express.json(), async (request, response) => {
  const { status, body } = await stkPush(tokens, paybill, request.body);
  response.status(status).json(body);
});
// Daraja calls this when the payment has ended, paid or not.
app.post("/paid", express.json(), (request, response) => {
  const { checkoutRequestId, isPaid, receipt, reason } = outcomeOf(request.body);
  console.log(`${checkoutRequestId}: ${isPaid ? `paid, ${receipt}` : `not paid: ${reason}`}`);
  response.json({ ResultCode: 0, ResultDesc: "Accepted" });
});
const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
