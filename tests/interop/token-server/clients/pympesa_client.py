import base64
import os

# For production, pympesa reads its addresses from the environment.
os.environ["PROD_MPESA_URL_OAUTH"] = os.environ["DARAJA_URL"] + "/oauth/v1/generate"
os.environ["PROD_MPESA_URL_LIPA"] = os.environ["DARAJA_URL"] + "/mpesa/stkpush/v1/processrequest"

import pympesa  # noqa: E402
from tally import tally  # noqa: E402

pair = os.environ["DARAJA_CONSUMER_KEY"], os.environ["DARAJA_CONSUMER_SECRET"]
token = pympesa.oauth_generate_token(*pair).json()["access_token"]
mpesa = pympesa.Pympesa(token)
PASS_KEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"


def pay():
    timestamp = pympesa.generate_timestamp()
    return mpesa.lipa_na_mpesa_online_payment(
        BusinessShortCode="174379",
        Password=base64.b64encode(f"174379{PASS_KEY}{timestamp}".encode()).decode(),
        Timestamp=timestamp,
        Amount="1",
        PartyA="254708374149",
        PartyB="174379",
        PhoneNumber="254708374149",
        CallBackURL="https://example.com/paid",
        AccountReference="order",
        TransactionDesc="order",
    ).json()


tally(pay)
