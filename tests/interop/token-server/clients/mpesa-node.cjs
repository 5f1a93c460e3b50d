const Mpesa = require("mpesa-node");
const { passKey, tally } = require("./tally.cjs");

const { DARAJA_URL, DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret } = process.env;
const lipaNaMpesa = { lipaNaMpesaShortCode: "174379", lipaNaMpesaShortPass: passKey };
const mpesa = new Mpesa({ consumerKey, consumerSecret, environment: "sandbox", ...lipaNaMpesa });
mpesa.baseURL = DARAJA_URL;
const pay = async () => (await mpesa.lipaNaMpesaOnline("254708374149", 1, "https://example.com/paid", "order")).data;
tally(pay, ({ response }) => response?.data);
