import os

import django
from django.conf import settings
from django.core.management import call_command
from tally import tally

# The package keeps its token in the database of the shop: each process is a shop of its own.
settings.configure(
    INSTALLED_APPS=["django_daraja"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    MPESA_ENVIRONMENT="sandbox",
    MPESA_CONSUMER_KEY=os.environ["DARAJA_CONSUMER_KEY"],
    MPESA_CONSUMER_SECRET=os.environ["DARAJA_CONSUMER_SECRET"],
    MPESA_EXPRESS_SHORTCODE="174379",
    MPESA_PASSKEY="bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
)
django.setup()
call_command("migrate", verbosity=0)

from django_daraja.mpesa.core import MpesaClient  # noqa: E402

mpesa = MpesaClient()
tally(lambda: mpesa.stk_push("0708374149", 1, "order", "order", "https://example.com/paid").json())
