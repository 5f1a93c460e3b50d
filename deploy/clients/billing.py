"""A billing program in Python, which uses the token server in place of Daraja.

It asks for QR codes to pay with: it moves no money.
"""

import base64
import json
import os
import time
import urllib.request

daraja = os.environ["DARAJA_URL"]
kept = {"token": "", "end": 0.0}


def send(url, headers, value=None):
    """Sends a request. Returns the status and the parsed JSON answer. urllib raises an error for 400 and above."""
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(url, body, {**headers, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.status, json.load(response)


def token():
    """The token, which is kept for its lifetime."""
    if time.time() >= kept["end"]:
        pair = f"{os.environ['DARAJA_CONSUMER_KEY']}:{os.environ['DARAJA_CONSUMER_SECRET']}"
        basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        _, grant = send(f"{daraja}/oauth/v1/generate?grant_type=client_credentials", basic)
        kept.update(token=grant["access_token"], end=time.time() + int(grant["expires_in"]))
    return kept["token"]


for bill in range(1, 4):
    qr = {"MerchantName": "Billing", "RefNo": f"Bill {bill}", "Amount": 1, "TrxCode": "PB", "CPI": "174379"}
    status, answer = send(f"{daraja}/mpesa/qrcode/v1/generate", {"Authorization": f"Bearer {token()}"}, {**qr, "Size": "300"})
    print(f"billing, bill {bill}: HTTP {status}, {answer['ResponseDescription']}")
