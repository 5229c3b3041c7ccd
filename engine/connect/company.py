"""Who the data is about: stated in the mapping, known from before, or assumed and said so."""

from collections.abc import Callable
from pathlib import Path

from engine.connect.assembled import Columns
from engine.connect.columns import Text
from engine.connect.formats import Tidied, country, currency, time_zone
from engine.connect.mapping import CompanyBlock
from engine.errors import BadSource
from engine.model.finding import Finding
from engine.model.snapshot import CompanyProfile

DEFAULT_ZONE = "UTC"
DEFAULT_CURRENCY = "EUR"


def zone_of(block: CompanyBlock, known: CompanyProfile | None) -> str:
    """The company's time zone; needed before anything is read."""
    if block.time_zone is not None:
        return _valid(block.time_zone, time_zone, "time_zone")
    return known.time_zone if known else DEFAULT_ZONE


def profile_of(
    block: CompanyBlock, known: CompanyProfile | None, folder: Path, items: Columns | None
) -> tuple[CompanyProfile, list[Finding]]:
    """The company; what neither the mapping nor an earlier import says is assumed."""
    assumed: list[str] = []
    name = block.name or (known.name if known else None)
    if name is None:
        name = folder.resolve().name
        assumed.append(f"name ({name}, from the folder)")
    base = block.base_currency or (known.base_currency if known else None)
    if base is None:
        base = _only_currency(items) or DEFAULT_CURRENCY
        assumed.append(f"base_currency ({base})")
    if block.time_zone is None and known is None:
        assumed.append(f"time_zone ({DEFAULT_ZONE})")
    place = block.country if block.country is not None else (known.country if known else "")
    states_demo = "demo" in block.model_fields_set
    profile = CompanyProfile(
        name=name,
        base_currency=_valid(base, currency, "base_currency"),
        time_zone=zone_of(block, known),
        country=_valid(place, country, "country") if place else "",
        is_demo=block.demo if known is None or states_demo else known.is_demo,
    )
    return profile, [_assumed(assumed)] if assumed else []


def _only_currency(items: Columns | None) -> str | None:
    cells = (items or {}).get("currency")
    return cells.distinct[0] if isinstance(cells, Text) and len(cells.distinct) == 1 else None


def _valid(value: str, check: Callable[[str], Tidied], key: str) -> str:
    tidied, reason = check(value)
    if tidied is None:
        raise BadSource(f"company.{key} {value!r} {reason}. Correct it in the mapping.")
    return tidied


def _assumed(what: list[str]) -> Finding:
    return Finding(
        code="assumed",
        severity="warning",
        table="",
        rows=0,
        message=f"Nothing introduces the company: {', '.join(what)}.",
        done="Assumed; state a `company` block in mapping.yaml.",
    )
