# A typical shell script. One curl makes all calls, because [1-N] in a URL means each number.
set -eu
daraja=https://sandbox.safaricom.co.ke
token=$(curl -sS -u "$DARAJA_CONSUMER_KEY:$DARAJA_CONSUMER_SECRET" \
  "$daraja/oauth/v1/generate?grant_type=client_credentials" | sed 's/.*"access_token" *: *"\([^"]*\).*/\1/')
answers=$(curl -sS -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"Amount":1}' \
  -w '\n' "$daraja/mpesa/b2b/v1/remittax?call=[1-$CALLS]")
count() { printf '%s\n' "$answers" | grep -c "$1" || true; }
accepted=$(count '"ResponseCode"')
refused=$(count '404\.001\.03')
echo "{\"accepted\":$accepted,\"refused\":$refused,\"failed\":$((CALLS - accepted - refused))}"
