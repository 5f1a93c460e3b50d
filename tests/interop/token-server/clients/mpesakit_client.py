import os

from mpesakit import MpesaClient
from mpesakit.errors import MpesaApiException
from tally import tally

mpesa = MpesaClient(
    consumer_key=os.environ["DARAJA_CONSUMER_KEY"],
    consumer_secret=os.environ["DARAJA_CONSUMER_SECRET"],
    environment="sandbox",
)


def pay():
    try:
        answer = mpesa.express.push(
            business_short_code=174379,
            transaction_type="CustomerPayBillOnline",
            amount=1,
            party_a="254708374149",
            party_b="174379",
            phone_number="254708374149",
            callback_url="https://example.com/paid",
            account_reference="order",
            transaction_desc="order",
            passkey="bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
        )
    except MpesaApiException as error:
        return error.error.raw_response
    return {"ResponseCode": str(answer.ResponseCode)}


tally(pay)
