"""Promises as the API answers them: windows in words, in the shop's language and zone."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.errors import InvalidInput, PlanningError, UnknownName
from engine.kernels.columns import optional_texts, texts
from engine.promise.offers import Basis, Promise, Span
from engine.promise.wording import end_of, locale_of, worded
from engine.service.promise_feed import Page
from engine.service.promise_lookup import Asked, Told, look_up
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot


def answer(
    look: sa.Connection, told: Told, asked: Asked, *, locale: str, zones: Mapping[str, str]
) -> dict[str, Any]:
    """AnswerShape, as plain JSON."""
    found = look_up(look, told, asked)
    places = [_place(promise, told, locale, zones) for promise in found]
    return {
        "sku": asked.sku, "quantity": asked.quantity, "day": told.day.isoformat(),
        "run": told.run_id, "best": places[0], "places": places,
    }  # fmt: skip


def batch_answer(
    look: sa.Connection, told: Told, asked: list[Asked], *, locale: str, zones: Mapping[str, str]
) -> dict[str, Any]:
    """BatchAnswerShape: whatever is wrong with one item concerns no other."""
    promises: list[dict[str, Any]] = []
    for each in asked:
        try:
            promises.append(answer(look, told, each, locale=locale, zones=zones))
        except PlanningError as error:
            promises.append(problem(error))
    return {"promises": promises}


def problem(error: PlanningError) -> dict[str, Any]:
    """ErrorShape."""
    close = list(error.close) if isinstance(error, UnknownName) else []
    return {"error": str(error), "close": close}


def page_answer(page: Page) -> dict[str, Any]:
    """ChangesShape."""
    return {
        "changes": [
            {
                "seq": change.seq, "at": change.at.isoformat(), "sku": change.sku,
                "location": change.location, **change.body,
            }
            for change in page.changes
        ],
        "next": page.next, "more": page.more,
    }  # fmt: skip


def spoken(wanted: str | None, usual: str) -> str:
    """The locale to answer in: the one asked for, where there is such a one."""
    try:
        return str(locale_of(wanted)) if wanted else usual
    except InvalidInput:
        return usual


@lru_cache(maxsize=8)
def zones_of(stores: Stores, snapshot_id: str) -> Mapping[str, str]:
    """Time zone of each location, and the company's under ""; read once per snapshot."""
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    places = snapshot["locations"]
    own = zip(texts(places, "location"), optional_texts(places, "time_zone"), strict=True)
    company = snapshot.company.time_zone
    return {"": company} | {place: zone or company for place, zone in own}


def _place(promise: Promise, told: Told, locale: str, zones: Mapping[str, str]) -> dict[str, Any]:
    span, zone = promise.span, zones.get(promise.location, zones[""])
    shown = _shown(promise.basis, span, told, locale, zone)
    return {
        "location": promise.location, "basis": promise.basis, **shown, "time_zone": zone,
        "confidence": told.policy.confidence, "at_risk": promise.at_risk, "why": promise.why,
        "alternatives": [
            {"kind": each.kind, "sku": each.sku, "location": each.location}
            for each in promise.alternatives
        ],
    }  # fmt: skip


def _shown(
    basis: Basis, span: Span | None, told: Told, locale: str, zone: str
) -> dict[str, str | None]:
    text = _worded(basis, span, locale, told.day.toordinal())
    if span is None:
        return {"text": text, "first": None, "last": None, "likeliest": None, "latest_at": None}
    return {
        "text": text, "first": span.first.isoformat(), "last": span.last.isoformat(),
        "likeliest": span.likeliest.isoformat(),
        "latest_at": end_of(span.last, ZoneInfo(zone)).isoformat(),
    }  # fmt: skip


@lru_cache(maxsize=4096)
def _worded(basis: Basis, span: Span | None, locale: str, today: int) -> str:
    """Few windows are asked for again and again."""
    return worded(basis, span, locale=locale, today=date.fromordinal(today))
