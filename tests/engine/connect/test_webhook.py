"""Orders posted to a real HTTP server on this machine."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engine.connect.smtp import NotAccepted, Refused
from engine.connect.webhook import Unanswered, Webhook

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass
class Receiver:
    answer: int  # 0: hangs up without one
    url: str = ""
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(answer: int) -> Iterator[Receiver]:
    receiver = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append((dict(self.headers), body))
            if not receiver.answer:
                self.close_connection = True
                return
            self.send_response(receiver.answer)
            self.send_header("x-request-id", "ref-9")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/orders?token=secret"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
