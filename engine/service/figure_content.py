"""Key figures as plain content and back: whole where they are shown, short in weeks and parts."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from engine.measure import Kpi, Part, Period, Point, Slice

SHORT = ("value", "numerator", "denominator", "low", "high")  # the words are those of the whole


def whole(kpi: Kpi) -> dict[str, Any]:
    return asdict(kpi)


def from_whole(content: dict[str, Any]) -> Kpi:
    fields: dict[str, Any] = {**content, "parts": tuple(Part(**each) for each in content["parts"])}
    return Kpi(**fields)


def short(kpi: Kpi) -> list[float | None]:
    """Values of SHORT."""
    return [getattr(kpi, name) for name in SHORT]


def from_short(values: list[Any], like: Kpi) -> Kpi:
    """The same figure of another week or part."""
    told: dict[str, Any] = dict(zip(SHORT, values, strict=True))
    return replace(like, parts=(), **told)


def weeks(points: tuple[Point, ...]) -> list[list[Any]]:
    return [
        [each.week.start.isoformat(), each.week.end.isoformat(), *short(each.kpi)]
        for each in points
    ]


def from_weeks(rows: list[list[Any]], like: Kpi) -> tuple[Point, ...]:
    return tuple(
        Point(
            week=Period(start=date.fromisoformat(start), end=date.fromisoformat(end)),
            kpi=from_short(values, like),
        )
        for start, end, *values in rows
    )


def slices(parts: tuple[Slice, ...]) -> list[list[Any]]:
    return [[each.label, *short(each.kpi)] for each in parts]


def from_slices(rows: list[list[Any]], like: Kpi) -> tuple[Slice, ...]:
    return tuple(Slice(label=label, kpi=from_short(values, like)) for label, *values in rows)
