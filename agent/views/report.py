"""A review as a document for people: every figure written as its reader writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from agent.grounding.formats import shown
from engine.model.review import Review, ReviewCell, ReviewSection
from tools.cells import rounded
from tools.facts import Fact, FactKind

_KINDS: Mapping[str, FactKind] = {
    "count": "count", "money": "money", "percent": "percent", "days": "days", "weeks": "weeks",
    "ratio": "ratio", "units": "units", "date": "date", "text": "name",
}  # fmt: skip
NUMERIC = frozenset({"count", "money", "percent", "days", "weeks", "ratio", "units"})


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """Cells are written out; `numeric` says which columns stand to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """`table` is None where there is nothing; then `says` says so."""

    name: str
    title: str
    says: str
    table: ReportTable | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole review, written; `source` says what its figures rest on."""

    title: str
    subtitle: str
    company: str
    source: str
    headline: tuple[tuple[str, str, str], ...]  # name, value and the month before of a few figures
    sections: tuple[ReportSection, ...] = field(repr=False)
    locale: str = "en_GB"


HEADLINE = ("fill rate", "stockout rate", "on time in full", "revenue saved", "weeks of supply",
            "cash in slow movers")  # fmt: skip


def report_of(review: Review, locale: str) -> Report:
    month = format_date(date.fromisoformat(review.first), "MMMM y", locale=locale)
    last = format_date(date.fromisoformat(review.last), "long", locale=locale)
    first = format_date(date.fromisoformat(review.first), "long", locale=locale)
    figures = {str(row[0].value): row for row in review.of("figures").rows}
    return Report(
        title=f"Review of {month}",
        subtitle=f"{first} to {last}; data up to {_day(review.as_of, locale)}",
        company=review.company,
        source=f"Plan run {review.run_id}, data snapshot {review.snapshot_id}.",
        headline=tuple(
            (name, _text(row[1], review.currency, locale), _text(row[2], review.currency, locale))
            for name in HEADLINE if (row := figures.get(name)) is not None
        ),
        sections=tuple(_section(each, review.currency, locale) for each in review.sections),
        locale=locale,
    )  # fmt: skip


def _day(iso: str, locale: str) -> str:
    return format_date(date.fromisoformat(iso), "long", locale=locale)


def _section(section: ReviewSection, currency: str, locale: str) -> ReportSection:
    if not section.rows:
        return ReportSection(name=section.name, title=section.title, says=section.empty, table=None)
    rows = tuple(tuple(_text(cell, currency, locale) for cell in row) for row in section.rows)
    # A column that is empty throughout says nothing.
    kept = [at for at in range(len(section.columns)) if any(row[at] for row in rows)]
    numeric = tuple(any(row[at].kind in NUMERIC for row in section.rows) for at in kept)
    table = ReportTable(
        columns=tuple(section.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in rows),
        numeric=numeric,
    )
    return ReportSection(name=section.name, title=section.title, says=section.says, table=table)


def _text(cell: ReviewCell, currency: str, locale: str) -> str:
    if cell.value is None:
        return ""
    value = cell.value
    if cell.kind in ("days", "weeks", "units") and not isinstance(value, str):
        value = rounded(float(value))
    if cell.kind == "percent" and not isinstance(value, str):
        value = round(float(value), 3)
    fact = Fact(id="", value=value, kind=_KINDS[cell.kind], label="", currency=currency,
                is_estimate=cell.kind == "money")  # fmt: skip
    return shown(fact, locale, in_table=cell.kind not in {"days", "weeks"})
