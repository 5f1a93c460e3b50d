// An STK push in the form that the sandbox accepts.

/** The passkey of the sandbox's paybill 174379, which Daraja publishes. */
const PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const TIMESTAMP = "20261122120000";

/** The body of a push that the simulator accepts. */
export function pushBody() {
  return {
    BusinessShortCode: 174379,
    Password: btoa(`174379${PASSKEY}${TIMESTAMP}`),
    Timestamp: TIMESTAMP,
    TransactionType: "CustomerPayBillOnline",
    Amount: 1,
    PartyA: 254708374149,
    PartyB: 174379,
    PhoneNumber: 254708374149,
    CallBackURL: "https://example.com/paid",
    AccountReference: "Order 1",
    TransactionDesc: "Shoes",
  };
}
