"""Makes CALLS calls, and prints how they ended."""

import json
import os
import sys


def tally(pay):
    """`pay()` asks for one payment, and gives Daraja's answer as a dict."""
    counts = {"accepted": 0, "refused": 0, "failed": 0}
    for _ in range(int(os.environ["CALLS"])):
        try:
            answer = pay()
        except Exception as error:
            print(repr(error), file=sys.stderr)
            answer = {}
        if answer.get("errorCode") == "404.001.03":
            counts["refused"] += 1
        else:
            counts["accepted" if answer.get("ResponseCode") == "0" else "failed"] += 1
    print(json.dumps(counts))
