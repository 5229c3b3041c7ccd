"""/v1: promises for storefronts and warehouses, from the stored state; OpenAPI at /openapi.json."""

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agent.bootstrap import Company
from agent.clock import monotonic_seconds
from agent.threads import Threads
from agent.web.limits import Limits
from agent.web.problems import NoKey
from agent.web.promise_answers import answer, batch_answer, page_answer, spoken, zones_of
from agent.web.promise_shapes import (
    AnswerShape,
    BatchAnswerShape,
    BatchShape,
    ChangesShape,
    Code,
    ErrorShape,
    Locale,
    Quantity,
)
from engine.service.api_keys import ApiKey, Scope, open_with, require_scope
from engine.service.company import local_day
from engine.service.promise_feed import MOST, changes_after
from engine.service.promise_lookup import Asked, Told, newest_told

FRESH_SECONDS = 0.5
FAILURES_PER_SECOND = 1.0  # of one address, before it is told to wait
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorShape, "description": "no key, or one that is not good"},
    403: {"model": ErrorShape, "description": "the key has not the scope"},
    422: {"model": ErrorShape, "description": "an argument makes no sense"},
    429: {"model": ErrorShape, "description": "too many requests; see Retry-After"},
    503: {"model": ErrorShape, "description": "nothing is promised yet, or the store is away"},
}
UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorShape, "description": "no such SKU or location; `close` has the nearest"}
}
LOST: dict[int | str, dict[str, Any]] = {
    409: {"model": ErrorShape, "description": "no such cursor any more; begin anew"}
}
SAME: dict[int | str, dict[str, Any]] = {304: {"description": "as the ETag says, nothing changed"}}
Look = Callable[[sa.Connection], dict[str, Any]]
Match = Annotated[str | None, Header(alias="if-none-match")]
bearer = HTTPBearer(auto_error=False, description="a key of `qm api-key create`")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class _Door:
    """Who may come in, how often, and what they are handed."""

    def __init__(self, company: Company, threads: Threads) -> None:
        self._company = company
        self._threads = threads
        self._limits = Limits()
        self._told: tuple[float, Told] | None = None

    async def read(
        self,
        request: Request,
        credentials: Credentials,
        scope: Scope,
        match: str | None,
        look: Look,
    ) -> Response:
        """One short read for key and answer; 304 where the caller has it already."""
        address = request.client.host if request.client else ""
        text = credentials.credentials if credentials else ""
        body = await self._threads.run(self._answered, text, scope, address, look)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"etag": etag, "cache-control": "private, no-cache"}
        if match is not None and _matches(match, etag):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    def told(self, look: sa.Connection) -> Told:
        """The newest run, looked for twice a second: places are read anew for every answer."""
        kept, now = self._told, monotonic_seconds()
        if kept is not None and now - kept[0] < FRESH_SECONDS:
            return kept[1]
        told = newest_told(look, local_day(look, self._company.clock.now()))
        self._told = (now, told)
        return told

    def _answered(self, text: str, scope: Scope, address: str, look: Look) -> bytes:
        with self._company.stores.database.read() as connection:
            key = self._opened(connection, text, address)
            require_scope(key, scope)
            return json.dumps(look(connection), ensure_ascii=True, separators=(",", ":")).encode()

    def _opened(self, look: sa.Connection, text: str, address: str) -> ApiKey:
        key = open_with(look, text, self._company.clock.now())
        if key is None:
            # Good keys of the same address are served on: a proxy is one address for everybody.
            self._limits.take(f"address {address}", FAILURES_PER_SECOND, monotonic_seconds())
            raise NoKey("Send a good key: Authorization: Bearer qm_... (qm api-key create).")
        self._limits.take(f"key {key.id}", key.per_second, monotonic_seconds())
        return key


def router(company: Company, threads: Threads) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["promises"], responses=PROBLEMS)
    door = _Door(company, threads)
    usual = company.settings.promises.locale or company.settings.terminal.locale

    def zones(told: Told) -> Any:  # noqa: ANN401  a mapping of names
        return zones_of(company.stores, told.snapshot_id)

    @routes.get("/promises/{sku:path}", response_model=AnswerShape, responses={**UNKNOWN, **SAME})
    async def promise(
        request: Request, credentials: Credentials, sku: str, quantity: Quantity = 1,
        location: Code | None = None, channel: Code = "", locale: Locale | None = None,
        if_none_match: Match = None,
    ) -> Response:  # fmt: skip
        """What may be promised of an item: stock, a window, or no date and what else there is."""
        asked = Asked(sku=sku, quantity=quantity, location=location, channel=channel)

        def look(connection: sa.Connection) -> dict[str, Any]:
            told = door.told(connection)
            return answer(connection, told, asked, locale=spoken(locale, usual), zones=zones(told))

        return await door.read(request, credentials, "promises:read", if_none_match, look)

    @routes.post("/promises", response_model=BatchAnswerShape)
    async def promises(request: Request, credentials: Credentials, wanted: BatchShape) -> Response:
        """The same for up to 200 items at once, such as a basket."""
        asked = [Asked(**item.model_dump()) for item in wanted.items]

        def look(connection: sa.Connection) -> dict[str, Any]:
            told, language = door.told(connection), spoken(wanted.locale, usual)
            return batch_answer(connection, told, asked, locale=language, zones=zones(told))

        return await door.read(request, credentials, "promises:read", None, look)

    @routes.get("/promise-changes", response_model=ChangesShape, responses={**LOST, **SAME})
    async def changes(
        request: Request, credentials: Credentials,
        after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the cursor")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        if_none_match: Match = None,
    ) -> Response:  # fmt: skip
        """What moved beyond the tolerance since a cursor, oldest first; no jitter."""

        def look(connection: sa.Connection) -> dict[str, Any]:
            return page_answer(changes_after(connection, after, limit))

        return await door.read(request, credentials, "changes:read", if_none_match, look)

    return routes


def _matches(header: str, etag: str) -> bool:
    """If-None-Match: one of several, weak or strong, or anything."""
    known = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in known or etag in known
