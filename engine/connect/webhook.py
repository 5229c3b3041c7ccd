"""Posts a signed JSON document to an address of the receiver's choice.

Signed as Standard Webhooks describes: `webhook-id` is the idempotency key, `webhook-timestamp`
the time of sending, and `webhook-signature` an HMAC-SHA-256 over id, timestamp and body, so that a
receiver can tell ours from others', and a repeat from a new one.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from engine.connect.smtp import NotAccepted, Refused
from engine.errors import PlanningError

NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
BUSY = frozenset({408, 425, 429, 503})  # asked to come again: it was not taken
UNCLEAR = 500  # a server that failed may have taken it first


class Unanswered(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """Whether the receiver has it, nobody knows."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    url: str
    secret: str = field(repr=False)
    timeout_seconds: float = 20.0

    def post(self, body: bytes, *, key: str, now: datetime) -> str:
        """Hand the body over and return the status with the receiver's own reference, if any.

        Raises NotAccepted or Refused when it was certainly not taken. Any other error, a lost
        answer or a failing server, leaves open whether it was.
        """
        headers = {"content-type": "application/json", **self.signature(body, key=key, now=now)}
        tries = Retrying(
            stop=stop_after_attempt(3),
            wait=wait_random_exponential(multiplier=0.2, max=2.0),
            retry=retry_if_exception_type(NOT_CONNECTED),
            reraise=True,
        )
        try:
            reply = tries(
                httpx.post, self.url, content=body, headers=headers, timeout=self.timeout_seconds
            )
        except NOT_CONNECTED as error:
            raise NotAccepted(f"{_host(self.url)} cannot be reached: {error}") from error
        if reply.is_success:
            reference = reply.headers.get("x-request-id", "")
            return f"{reply.status_code} {reference}".strip()
        told = f"{_host(self.url)} answered {reply.status_code}: {reply.text[:200]}"
        if reply.status_code in BUSY:
            raise NotAccepted(told)
        raise (Unanswered if reply.status_code >= UNCLEAR else Refused)(told)

    def signature(self, body: bytes, *, key: str, now: datetime) -> dict[str, str]:
        stamp = str(int(now.timestamp()))
        signed = b".".join((key.encode(), stamp.encode(), body))
        mac = hmac.new(_signing_key(self.secret), signed, hashlib.sha256).digest()
        proof = base64.b64encode(mac).decode()
        return {
            "webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"v1,{proof}"
        }  # fmt: skip


def _signing_key(secret: str) -> bytes:
    """What follows `whsec_` is the key in base64, as the libraries of receivers read it.

    Any other text is the key itself, as it stands.
    """
    prefix, found, encoded = secret.partition("whsec_")
    if prefix or not found:
        return secret.encode()
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return secret.encode()


def _host(url: str) -> str:
    """Without path and query, which may hold a secret."""
    return httpx.URL(url).host
