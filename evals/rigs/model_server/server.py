"""The server itself: one thread per request, answers from a script or from a function."""

import json
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evals.rigs.model_server.served import Served, event

Answer = Callable[[dict[str, Any]], Served]


class ModelServer(ThreadingHTTPServer):
    """`requests` and `keys` are what was received, in order. `answer` decides what is sent."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def follow(self, script: Sequence[Served]) -> None:
        """Answer with one after the other from now on; the last one again and again."""
        begun = len(self.requests)

        def scripted(_request: dict[str, Any]) -> Served:
            return script[min(len(self.requests) - 1 - begun, len(script) - 1)]

        self.answer = scripted


@contextmanager
def model_server(answer: Answer | None = None) -> Generator[ModelServer, None, None]:
    """Serving for as long as the block lasts."""
    server = ModelServer(answer or _unscripted)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    serving.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        serving.join()


def _unscripted(_request: dict[str, Any]) -> Served:
    return Served(status=500, body={"error": {"message": "the server was given no script"}})


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_GET(self) -> None:
        """The list of models, which a check of the settings asks for."""
        self.server.keys.append(self.headers.get("Authorization"))
        served = self.server.answer({"path": self.path})
        if served.status == 200:
            listed = {"object": "list", "data": [{"id": "scripted", "object": "model",
                                                  "created": 0, "owned_by": "rig"}]}  # fmt: skip
            served = Served(body=listed)
        self._whole(served)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request: dict[str, Any] = json.loads(body)
        self.server.requests.append(request)
        self.server.keys.append(self.headers.get("Authorization"))
        served = self.server.answer(request)
        if served.seconds and self.server.stopped.wait(served.seconds):
            return
        if request.get("stream") and served.status == 200 and not served.is_raw:
            self._stream(served)
        else:
            self._whole(served)

    def _whole(self, served: Served) -> None:
        content = served.body if served.is_raw else json.dumps(served.body)
        sent = str(content).encode()
        self.send_response(served.status)
        self.send_header("Content-Type", "application/json")
        for name, value in served.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        kept = sent if served.cut_after is None else sent[: served.cut_after]
        self.wfile.write(kept)

    def _stream(self, served: Served) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, piece in enumerate(served.pieces()):
            if served.cut_after is not None and number >= served.cut_after:
                self.close_connection = True
                return
            self.wfile.write(event(piece))
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Prints nothing."""
