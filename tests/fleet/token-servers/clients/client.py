"""Calls Daraja through two token servers until the file STOP exists. If one does not answer, the other is asked."""

import base64
import json
import os
import time
import urllib.error
import urllib.request

addresses = os.environ["ADDRESSES"].split()
pair = f"{os.environ['DARAJA_CONSUMER_KEY']}:{os.environ['DARAJA_CONSUMER_SECRET']}"
basic = "Basic " + base64.b64encode(pair.encode()).decode()
failures = {}
token, token_ends = None, 0.0


def ask(path, authorization, body=None):
    """Gives the status and the answer of the first server that answers. The next request begins with that server."""
    for _ in range(len(addresses)):
        headers = {"Authorization": authorization, "X-Process": os.environ["NAME"]}
        request = urllib.request.Request(addresses[0] + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=3) as response:
                return 200, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, {}
        except OSError:
            addresses.append(addresses.pop(0))
    return 0, {}


def call(number):
    global token, token_ends
    if time.time() > token_ends:
        status, granted = ask("/oauth/v1/generate?grant_type=client_credentials", basic)
        if status != 200:
            return status
        token, token_ends = granted["access_token"], time.time() + int(granted["expires_in"]) - 1
    body = json.dumps({"call": f"{os.environ['NAME']}-{number}"}).encode()
    return ask("/mpesa/b2b/v1/remittax", f"Bearer {token}", body)[0]


calls, longest = 0, 0.0
while not os.path.exists(os.environ["STOP"]):
    calls += 1
    began = time.time()
    status = call(calls)
    longest = max(longest, (time.time() - began) * 1000)
    if status != 200:
        failures[f"HTTP {status}"] = failures.get(f"HTTP {status}", 0) + 1
    time.sleep(0.05)
print(json.dumps({"calls": calls, "failures": failures, "longestMs": longest}))
