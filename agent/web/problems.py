"""What goes wrong under /v1, as ErrorShape with the status and headers that clients act on."""

import math

from fastapi import Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from agent.web.limits import TooMany
from agent.web.promise_answers import problem
from engine.errors import InvalidInput, NotAllowed, PlanningError, Stale, StoreError, UnknownName

PREFIX = "/v1/"


class NoKey(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """The request has no key that opens anything."""


# The first that fits.
STATUS: tuple[tuple[type[PlanningError], int], ...] = (
    (NoKey, 401),
    (NotAllowed, 403),
    (UnknownName, 404),
    (Stale, 409),
    (InvalidInput, 422),
    (TooMany, 429),
    (StoreError, 503),
)


def answer_problem(error: PlanningError) -> JSONResponse:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 503)
    headers: dict[str, str] = {}
    if isinstance(error, NoKey):
        headers["www-authenticate"] = "Bearer"
    elif isinstance(error, TooMany):
        headers["retry-after"] = str(math.ceil(error.seconds))
    elif status == 503:  # noqa: PLR2004  as above
        headers["retry-after"] = "5"
    return JSONResponse(problem(error), status_code=status, headers=headers)


async def answer_no_route(request: Request, error: Exception) -> Response:
    """A path or method that is not there; under /v1 as every other problem."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for nothing else
    if not request.url.path.startswith(PREFIX):
        return await http_exception_handler(request, error)
    return JSONResponse(
        {"error": f"{error.detail}.", "close": []}, status_code=error.status_code,
        headers=error.headers,
    )  # fmt: skip


async def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """An argument that is none: which, and what was expected; never what a body held."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    told = [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in found[:3]
    ] or ["not a valid request"]
    return JSONResponse({"error": "; ".join(told) + ".", "close": []}, status_code=422)
