"""Signatures as Standard Webhooks has them: https://github.com/standard-webhooks/standard-webhooks."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a secret that nobody can guess, as whoever verifies signatures wants it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed(secret: str, key: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers of something that is told: its id, when it is sent, and the signature of both and the body.

    Raises:
        ValueError: the secret is none.

    """
    try:
        key_bytes = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("this is no secret") from None
    seconds = str(int(at.timestamp()))
    mac = hmac.digest(key_bytes, b"%s.%s.%s" % (key.encode(), seconds.encode(), body), hashlib.sha256)
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": key, "webhook-timestamp": seconds, "webhook-signature": signature}
