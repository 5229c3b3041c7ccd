"""Orders posted to a real HTTP server on this machine."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from engine.connect.smtp import NotAccepted, Refused
from engine.connect.webhook import Unanswered, Webhook
from support.receiver import Receiver, receiving

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def post(receiver: Receiver) -> str:
    hook = Webhook(url=receiver.url, secret="hush", timeout_seconds=5)
    return hook.post(b'{"order": "PO-1001"}', key="PO-1001:r1:send", now=NOW)


def test_a_post_is_signed_over_its_key_time_and_body() -> None:
    with receiving(202) as receiver:
        assert post(receiver) == "202 ref-9"
    ((headers, body),) = receiver.got
    signed = b"PO-1001:r1:send." + headers["webhook-timestamp"].encode() + b"." + body
    mac = base64.b64encode(hmac.new(b"hush", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["webhook-id"] == "PO-1001:r1:send"


@pytest.mark.parametrize(
    ("answer", "error"),
    [(429, NotAccepted), (503, NotAccepted), (400, Refused), (401, Refused), (500, Unanswered)],
)
def test_an_answer_tells_whether_it_was_taken(answer: int, error: type[Exception]) -> None:
    with receiving(answer) as receiver, pytest.raises(error) as caught:
        post(receiver)
    assert type(caught.value) is error
    assert "secret" not in str(caught.value)


def test_a_lost_answer_leaves_it_open() -> None:
    with receiving(0) as receiver, pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is, it is no certainty
        post(receiver)
    assert not isinstance(caught.value, NotAccepted)
    assert len(receiver.got) == 1


def test_a_receiver_that_is_not_there_has_nothing() -> None:
    hook = Webhook(url="http://127.0.0.1:9/orders", secret="hush", timeout_seconds=2)
    with pytest.raises(NotAccepted, match="cannot be reached"):
        hook.post(b"{}", key="k", now=NOW)
