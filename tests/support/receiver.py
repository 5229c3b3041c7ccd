"""A real HTTP server on this machine that takes what is posted to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """Keeps what it was posted; how it answers may change while it runs."""

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
            if not receiver.answer:  # asked anew each time
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
