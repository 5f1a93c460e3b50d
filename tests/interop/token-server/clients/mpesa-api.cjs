const { Mpesa } = require("mpesa-api");
const { passKey, tally } = require("./tally.cjs");

const { DARAJA_CONSUMER_KEY: clientKey, DARAJA_CONSUMER_SECRET: clientSecret } = process.env;
const mpesa = new Mpesa({ clientKey, clientSecret, securityCredential: "none" }, "sandbox");
const pay = () =>
  mpesa.lipaNaMpesaOnline({
    BusinessShortCode: 174379,
    passKey,
    TransactionType: "CustomerPayBillOnline",
    Amount: 1,
    PartyA: "254708374149",
    PartyB: "174379",
    PhoneNumber: "254708374149",
    CallBackURL: "https://example.com/paid",
    AccountReference: "order",
  });
tally(pay, ({ data }) => data);
