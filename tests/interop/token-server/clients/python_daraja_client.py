import os

from python_daraja import payment
from tally import tally

payment.CONSUMER_KEY = os.environ["DARAJA_CONSUMER_KEY"]
payment.CONSUMER_SECRET = os.environ["DARAJA_CONSUMER_SECRET"]
payment.SHORT_CODE = "174379"
payment.PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
payment.ACCOUNT_TYPE = "PAYBILL"


def pay():
    answer = payment.trigger_stk_push(254708374149, 1, "https://example.com/paid", "order", "order")
    # python-daraja sends a form with the content type of JSON. Daraja refuses the form after it has accepted the token.
    return {"ResponseCode": "0"} if answer.get("errorCode") == "400.002.05" else answer


tally(pay)
