// Asks a customer's phone for a payment. All examples use this file. Copy it beside your own server.

/** The paybill and the passkey that Safaricom publishes for tests. */
const SANDBOX = {
  shortcode: "174379",
  passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
};

/**
 * Reads the settings of your paybill, `{ shortcode, passkey, callbackUrl }`, from DARAJA_SHORTCODE, DARAJA_PASSKEY and
 * DARAJA_CALLBACK_URL in `env`. The sandbox and a simulator on this machine have defaults. In production a missing
 * variable is an error, so call this when your program starts.
 */
export function paybillFrom(env, baseUrl) {
  const { hostname } = new URL(baseUrl);
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  const isForTests = isHere || hostname === "sandbox.safaricom.co.ke";
  const ownUrl = `http://127.0.0.1:${env.PORT || 3000}/paid`;
  const paybill = {
    shortcode: env.DARAJA_SHORTCODE ?? (isForTests ? SANDBOX.shortcode : undefined),
    passkey: env.DARAJA_PASSKEY ?? (isForTests ? SANDBOX.passkey : undefined),
    // A simulator on this machine can call this machine. Safaricom cannot: it needs a public https address.
    callbackUrl: env.DARAJA_CALLBACK_URL ?? (isHere ? ownUrl : isForTests ? "https://example.com/paid" : undefined),
  };
  const missing = Object.entries({
    DARAJA_SHORTCODE: paybill.shortcode,
    DARAJA_PASSKEY: paybill.passkey,
    DARAJA_CALLBACK_URL: paybill.callbackUrl,
  }).filter(([, value]) => value === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(", ");
    throw new Error(
      `${names}: not set, and ${hostname} moves real money. Set what Safaricom gave you with your paybill.`,
    );
  }
  return paybill;
}

/**
 * Sends an STK push for an order `{ phoneNumber, amount, reference }`. Returns the answer for the customer,
 * `{ status, body }`. `paybill` is the result of {@link paybillFrom}.
 */
export async function stkPush(tokens, paybill, order) {
  const phoneNumber = phoneNumberOf(order?.phoneNumber);
  // In a shop, take the amount from the order, never from the customer.
  const amount = Number(order?.amount);
  if (!phoneNumber) return answer(400, "The phone number must be of Kenya, such as 0712345678.");
  if (!Number.isInteger(amount) || amount < 1) return answer(400, "The amount must be in whole shillings.");

  const { shortcode, passkey, callbackUrl } = paybill;
  const timestamp = timestampOf(Date.now());
  try {
    const response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", {
      json: {
        BusinessShortCode: shortcode,
        Password: btoa(shortcode + passkey + timestamp),
        Timestamp: timestamp,
        TransactionType: "CustomerPayBillOnline",
        Amount: amount,
        PartyA: phoneNumber,
        PartyB: shortcode,
        PhoneNumber: phoneNumber,
        CallBackURL: callbackUrl,
        AccountReference: String(order.reference ?? "Order").slice(0, 12),
        TransactionDesc: "Payment",
      },
      signal: AbortSignal.timeout(30_000),
    });
    // Some answers are not JSON: the firewall and an outage send pages.
    const said = await response.json().catch(() => ({}));
    if (response.ok && said.ResponseCode === "0") {
      // Daraja will tell CallBackURL whether the customer has paid, with this id.
      return answer(202, "Enter your M-PESA PIN on your phone.", said.CheckoutRequestID);
    }
    console.error(`STK push refused: HTTP ${response.status}, ${said.errorCode ?? said.ResponseCode ?? "no code"}`);
  } catch (error) {
    // The hint of a DarajaError is for you, not for the customer.
    console.error(
      `STK push failed: ${error.name === "DarajaError" ? error.code : error.name}: ${error.message}`,
      error.hint ?? "",
    );
  }
  // The push is not sent again: the first one may have arrived, and a second one would ask for the money twice.
  return answer(502, "The payment could not be started. If your phone asks for no PIN, please try again later.");
}

/**
 * The outcome of a payment, `{ checkoutRequestId, isPaid, receipt, reason }`, from Daraja's POST to CallBackURL.
 * Anybody can post there. So before you ship, compare the id with those of your orders, and ask Daraja by an STK query.
 */
export function outcomeOf(posted) {
  const {
    CheckoutRequestID: checkoutRequestId,
    ResultCode,
    ResultDesc,
    CallbackMetadata,
  } = posted?.Body?.stkCallback ?? {};
  const receipt = CallbackMetadata?.Item?.find(({ Name }) => Name === "MpesaReceiptNumber")?.Value;
  return { checkoutRequestId, isPaid: ResultCode === 0, receipt, reason: ResultDesc };
}

const answer = (status, message, checkoutRequestId) => ({ status, body: { message, checkoutRequestId } });

/** A number such as 0712345678, 0112345678, 712345678 or +254712345678 in Daraja's form, or undefined. */
function phoneNumberOf(text) {
  const [, digits] = /^(?:\+?254|0)?([17]\d{8})$/.exec(String(text).replace(/[\s-]/g, "")) ?? [];
  return digits && `254${digits}`;
}

/** YYYYMMDDHHmmss in Nairobi, which is 3 hours ahead of UTC all year. */
function timestampOf(ms) {
  return new Date(ms + 3 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 14);
}
