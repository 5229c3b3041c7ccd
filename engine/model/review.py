"""A monthly review as content: sections of typed cells, without a figure written out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

CellKind = Literal[
    "text", "count", "money", "percent", "days", "weeks", "ratio", "units", "date", "minor"
]
SectionName = Literal[
    "figures", "drift", "value added", "overrides", "learnt", "suppliers", "replay",
    "data health", "open decisions", "actions", "playbook",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReviewCell:
    """One cell; None is empty. Dates are ISO texts, money minor units of the base currency."""

    value: str | int | float | None
    kind: CellKind


@dataclass(frozen=True, kw_only=True)
class ReviewSection:
    """A table with a sentence that says what to make of it; `empty` stands where no rows are."""

    name: SectionName
    title: str
    says: str  # how it is to be read; no figures
    columns: tuple[str, ...]
    rows: tuple[tuple[ReviewCell, ...], ...]
    empty: str


@dataclass(frozen=True, kw_only=True)
class ReviewTrend:
    """A key figure week by week, for its picture; days are ISO texts."""

    name: str
    unit: str
    weeks: tuple[str, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Review:
    """`month` is 2026-10; `first` and `last` the days of it that the data covers."""

    month: str
    first: str
    last: str
    as_of: str
    company: str
    currency: str
    run_id: str
    snapshot_id: str
    sections: tuple[ReviewSection, ...] = field(repr=False)
    trends: tuple[ReviewTrend, ...] = field(repr=False)

    def of(self, name: SectionName) -> ReviewSection:
        return next(section for section in self.sections if section.name == name)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Review":
        """What `to_json` and JSON made of one."""
        return Review(
            **{name: stored[name] for name in _PLAIN},
            sections=tuple(_section(each) for each in stored["sections"]),
            trends=tuple(
                ReviewTrend(
                    name=each["name"], unit=each["unit"], weeks=tuple(each["weeks"]),
                    values=tuple(each["values"]),
                )
                for each in stored["trends"]
            ),
        )  # fmt: skip


_PLAIN = ("month", "first", "last", "as_of", "company", "currency", "run_id", "snapshot_id")


def _section(stored: Mapping[str, Any]) -> ReviewSection:
    return ReviewSection(
        name=stored["name"],
        title=stored["title"],
        says=stored["says"],
        columns=tuple(stored["columns"]),
        rows=tuple(tuple(ReviewCell(**cell) for cell in row) for row in stored["rows"]),
        empty=stored["empty"],
    )
