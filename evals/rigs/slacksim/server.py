"""The workspace behind real HTTP and a real websocket, with the bad days of a network."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from evals.rigs.slacksim.methods import METHODS, No
from evals.rigs.slacksim.oauth import Denied, Installs
from evals.rigs.slacksim.state import Json, Workspace

FaultKind = Literal[
    "busy",  # 429 with Retry-After
    "error",  # 500, nothing done
    "lost",  # done, but the connection drops before the answer
    "slow",  # done and answered late
    "garbled",  # a gateway's page with status 502, nothing done
    "plain",  # the same as plain text
]
# In a form, arguments that hold more than text are JSON; Slack's library for JavaScript sends so.
STRUCTURED = frozenset({"attachments", "blocks", "chunks", "files", "metadata", "view"})
SCOPES = frozenset(
    {
        "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write",
        "commands", "files:write", "groups:history", "groups:read", "im:history", "im:read",
        "im:write", "mpim:history", "users:read", "users:read.email",
    }
)  # fmt: skip


@dataclass
class Fault:
    kind: FaultKind
    method: str
    seconds: float = 0.2


@dataclass
class Slack:
    """Start it, point `slack.api_url` at `url`, then act as people through `deliver`."""

    world: Workspace = field(default_factory=Workspace)
    scopes: frozenset[str] = SCOPES
    bot_token: str = "xoxb-sim"  # noqa: S105  a made-up secret
    app_token: str = "xapp-sim"  # noqa: S105  as above
    signing_secret: str = "sim-secret"  # noqa: S105  as above
    request_url: str = ""  # deliver over HTTP to here; empty: over Socket Mode
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    installs: Installs = field(default_factory=Installs)
    responses: list[Json] = field(default_factory=list)  # what came to a response_url
    url: str = ""
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/upload/{file}", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        address = self._runner.addresses[0]
        self.url = f"http://127.0.0.1:{address[1]}/api/"
        self.world.upload_url = f"http://127.0.0.1:{address[1]}/upload/"

    async def stop(self) -> None:
        await self.disconnect()
        if self._runner is not None:
            await self._runner.cleanup()

    async def disconnect(self) -> None:
        """Slack closes connections now and then; a client is expected to come back."""
        for socket in list(self._sockets):
            await socket.close()

    async def connected(self, seconds: float = 10.0) -> None:
        """Wait until somebody listens over Socket Mode."""
        await until(lambda: any(not socket.closed for socket in self._sockets), seconds)

    async def deliver(self, kind: str, payload: Json, *, seconds: float = 3.0) -> Json:
        """What happened, sent to whoever listens; the acknowledgement, or TimeoutError."""
        if self.request_url:
            return await self._post(kind, payload, seconds)
        return await self._push(kind, payload, seconds)

    async def _post(self, kind: str, payload: Json, seconds: float) -> Json:
        """A signed request; what is not acknowledged with 200 counts as not delivered."""
        form, body = _encoded(kind, payload)
        headers = signed(self.signing_secret, body, int(time.time()))  # noqa: TID251  Slack's clock
        async with aiohttp.ClientSession() as session:
            answer = await session.post(
                self.request_url, data=body, timeout=aiohttp.ClientTimeout(seconds),
                headers={**headers, "Content-Type": form},
            )  # fmt: skip
            text = await answer.text()
        if answer.status != HTTPStatus.OK:
            raise TimeoutError(f"{answer.status} {text}")
        return json.loads(text) if text.startswith("{") else {}

    async def _push(self, kind: str, payload: Json, seconds: float) -> Json:
        envelope = f"E{self.world.number():06d}"
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = acked
        socket = next(socket for socket in reversed(self._sockets) if not socket.closed)
        await socket.send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload,
             "accepts_response_payload": kind != "events_api"}
        )  # fmt: skip
        return await asyncio.wait_for(acked, seconds)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._note_ack(json.loads(message.data))
        self._sockets.remove(socket)
        return socket

    def _note_ack(self, told: Json) -> None:
        acked = self._acks.pop(str(told.get("envelope_id", "")), None)
        if acked is not None and not acked.done():
            acked.set_result(told.get("payload") or {})

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, given = request.match_info["method"], await _arguments(request)
        if method == "response":
            self.responses.append(given)
            return web.Response(text="ok")
        self.calls.append((method, given))
        fault = self._fault(method)
        if fault is not None and fault.kind == "busy":
            headers = {"Retry-After": f"{fault.seconds:g}"}
            return _told({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault is not None and fault.kind == "error":
            return _told({"ok": False, "error": "internal_error"}, status=500)
        if fault is not None and fault.kind in ("garbled", "plain"):
            kind = "text/html" if fault.kind == "garbled" else "text/plain"
            return web.Response(status=502, text="<h1>Bad gateway</h1>", content_type=kind)
        answer = self._answer(method, given, request.headers.get("Authorization", ""))
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "lost" and request.transport is not None:
            request.transport.close()
        told = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}  # as Slack does with every answer
        return _told(answer, headers=told)

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        for each in self.world.files:
            if each["id"] == request.match_info["file"]:
                each["content"] = content
                return web.Response(text=f"OK - {len(content)}")
        return web.Response(status=404)

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in (method, "*"):
                self.faults.remove(fault)
                return fault
        return None

    def _answer(self, method: str, given: Mapping[str, Any], authorization: str) -> Json:
        if method == "oauth.v2.access":
            given = self.installs.with_credentials(given, authorization)
        token = authorization.removeprefix("Bearer ") or str(given.get("token", ""))
        try:
            if method == "apps.connections.open":
                return {"ok": True, **self._open_socket(token)}
            return {"ok": True, **self._act(method, given, token)}
        except (No, Denied) as reason:
            return {"ok": False, "error": str(reason)}

    def _open_socket(self, token: str) -> Json:
        if token != self.app_token:
            raise No("invalid_auth")
        return {"url": self.url.replace("http", "ws").replace("/api/", "/socket")}

    def _act(self, method: str, given: Mapping[str, Any], token: str) -> Json:
        if method == "oauth.v2.access":
            return self.installs.access(given)
        world = self.world if token == self.bot_token else self.installs.worlds.get(token)
        if world is None:
            raise No("invalid_auth")
        if method not in METHODS:
            raise No("unknown_method")
        act, scope = METHODS[method]
        if scope is not None and scope not in self.scopes:
            raise No("missing_scope")
        return act(world, given)


def signed(secret: str, body: str, at: int) -> dict[str, str]:
    """The headers by which Slack proves itself (version v0)."""
    base = f"v0:{at}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    """Events are JSON, commands a form, interactions a form with JSON in it."""
    if kind == "events_api":
        return "application/json", json.dumps(payload)
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(form)


async def until(seen: Callable[[], Any], seconds: float = 10.0) -> Any:  # noqa: ANN401  what was seen
    """Look until something is there, and return it; TimeoutError when it does not come."""
    async with asyncio.timeout(seconds):
        while not (found := seen()):  # noqa: ASYNC110  what is looked at knows nothing of us
            await asyncio.sleep(0.01)
    return found


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return await request.json() if request.can_read_body else {}
    form = {
        key: str(value) for key, value in [*request.query.items(), *(await request.post()).items()]
    }
    return {key: json.loads(text) if key in STRUCTURED else text for key, text in form.items()}


def _told(
    answer: Json, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.json_response(answer, status=status, headers=headers)
