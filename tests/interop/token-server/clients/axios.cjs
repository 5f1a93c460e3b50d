// A client as in most tutorials for Node. The argument is the name of an axios version in the tests' packages.
const axios = require(process.argv[2]);
const { tally } = require("./tally.cjs");

const daraja = axios.create({ baseURL: "https://sandbox.safaricom.co.ke" });
const auth = { username: process.env.DARAJA_CONSUMER_KEY, password: process.env.DARAJA_CONSUMER_SECRET };
let token;
const pay = async () => {
  token ??= (await daraja.get("/oauth/v1/generate", { auth, params: { grant_type: "client_credentials" } })).data;
  const headers = { Authorization: `Bearer ${token.access_token}` };
  return (await daraja.post("/mpesa/b2b/v1/remittax", { Amount: 1 }, { headers })).data;
};
tally(pay, ({ response }) => response?.data);
