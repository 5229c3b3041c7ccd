"""The outermost edge of HTTP: every request has an id, a duration, a log line and an answer."""

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.bootstrap import Company
from agent.clock import monotonic_seconds
from agent.crash import new_reference, save_crash
from agent.redaction import redaction_for
from agent.web.metrics import HttpMetrics

log = structlog.get_logger("qm.web")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds


class Edge:
    """ASGI middleware; its request id stands in the log, in the answer and in a crash report."""

    def __init__(self, app: ASGIApp, *, company: Company, measured: HttpMetrics) -> None:
        self._app = app
        self._company = company
        self._measured = measured

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(send)
        with structlog.contextvars.bound_contextvars(request=request.id):
            try:
                await self._app(scope, receive, request.send)
            except Exception as error:  # noqa: BLE001  the outermost edge: log and answer
                await self._answer_crash(error, request, scope, receive)
            finally:
                self._record(request, scope)

    async def _answer_crash(
        self, error: Exception, request: "_Request", scope: Scope, receive: Receive
    ) -> None:
        settings = self._company.settings
        path = save_crash(
            error,
            reference=request.id,
            folder=settings.crash_folder,
            now=self._company.clock.now(),
            redaction=redaction_for(settings),
        )
        log.error("crash", reference=request.id, details=str(path), kind=type(error).__name__)
        if request.status is None:  # nothing was sent yet
            told = {"error": "unexpected error", "reference": request.id}
            await JSONResponse(told, status_code=500)(scope, receive, request.send)

    def _record(self, request: "_Request", scope: Scope) -> None:
        seconds = monotonic_seconds() - request.began
        route = getattr(scope.get("route"), "path", "unknown")  # never a path somebody made up
        status = request.status or 499  # the client left before an answer
        self._measured.observe(scope["method"], route, status, seconds)
        level = log.debug if route in QUIET else log.info
        level("request", method=scope["method"], route=route, status=status, seconds=seconds)


class _Request:
    def __init__(self, send: Send) -> None:
        self.id = new_reference()
        self.began = monotonic_seconds()
        self.status: int | None = None
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message.get("headers", []))
            if not any(name == b"cache-control" for name, _ in given):
                given.append((b"cache-control", b"no-store"))
            message["headers"] = [*given, (b"x-request-id", self.id.encode())]
        await self._send(message)
