"""Slack over HTTP: the same app, behind `qm serve`, every request proven to come from Slack."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

from agent.slack.manifest import EVENTS_PATH

LARGEST = 1_000_000  # bytes of a request; Slack's own are far smaller
DIGITS = 15  # of a number in a header; a longer one overflows what compares it


def router(app: AsyncApp) -> APIRouter:
    routes = APIRouter()
    handler = AsyncSlackRequestHandler(app)

    @routes.post(EVENTS_PATH)
    async def slack(request: Request) -> Response:
        refused = _refusal(request)
        return refused if refused is not None else await handler.handle(request)

    return routes


def _refusal(request: Request) -> Response | None:
    """What the signature check itself would stumble over."""
    told = request.headers.get("x-slack-request-timestamp", "")
    if not _is_number(told):
        return JSONResponse({"error": "not a signed request"}, status_code=401)
    length = request.headers.get("content-length")
    if length is None:  # sent in pieces, it could go on for ever
        return JSONResponse({"error": "say how long it is"}, status_code=411)
    if not _is_number(length) or int(length) > LARGEST:
        return JSONResponse({"error": "too large"}, status_code=413)
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS
