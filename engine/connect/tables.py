"""The tables of a folder, each from its sources, and what cannot be read of them."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from engine.connect.assemble import assemble
from engine.connect.assembled import Assembled
from engine.connect.columns import Text
from engine.connect.complete import Tables, only_location
from engine.connect.coverage import Coverage, coverage, days_of, stray_rows, up_to_stock
from engine.connect.gather import gather, reading_of
from engine.connect.mapping import Mapping, Source
from engine.connect.quarantine import quarantine_findings
from engine.connect.take import take
from engine.errors import BadSource
from engine.model.contract import BY_NAME
from engine.model.counting import counted
from engine.model.finding import Finding
from engine.model.progress import Progress

# Where there is only one location, it is that of rows that name none; where stock names no day,
# it is that of the last sales. So these two come first.
_FIRST = ("locations", "sales")
_ORDER = (*_FIRST, *(name for name in BY_NAME if name not in _FIRST))


@dataclass(frozen=True, kw_only=True)
class FolderReader:
    """Where tables come from and how they are to be read."""

    folder: Path
    sources: Dict[str, list[Source]]
    mapping: Mapping
    zone: str  # of the company

    def table(
        self,
        name: str,
        *,
        defaults: Dict[str, str],
        absent: Dict[str, str],
        zones: Dict[str, str],
    ) -> Assembled:
        """One table. `defaults` fill empty cells, `absent` whole columns that no file has.

        `zones` are those of locations that state one.
        """
        takens = [
            take(
                gather(self.folder, name, source, self.mapping.read),
                BY_NAME[name],
                source,
                reading=reading_of(source, self.mapping.read),
                checks=self.mapping.checks,
                company_zone=self.zone,
                absent=absent,
                zones=zones,
            )
            for source in self.sources[name]
        ]
        once = self.mapping.checks.identical_sales == "once"
        return assemble(BY_NAME[name], takens, defaults=defaults, once=once)


@dataclass(frozen=True, kw_only=True)
class ReadTables:
    """Tables by name; one may have no row, but has its account of bad ones."""

    parts: Tables
    coverage: Coverage
    findings: list[Finding] = field(repr=False)


def read_tables(reader: FolderReader, progress: Progress) -> ReadTables:
    """Every table that can be read; one that cannot is an error only if it must be there."""
    parts: Tables = {}
    findings: list[Finding] = []
    cover: Coverage | None = None
    wanted = [name for name in _ORDER if name in reader.sources]
    for done, name in enumerate(wanted):
        progress(f"reading {name}", done, len(wanted))
        location = only_location(parts.get("locations"))
        try:
            part = reader.table(
                name,
                defaults={"location": location} if location and name != "locations" else {},
                absent={"date": _last_day(cover)} if cover and name == "stock" else {},
                zones=_zones(parts.get("locations"), location),
            )
        except BadSource as error:
            if BY_NAME[name].required:
                raise
            findings.append(_unusable(name, str(error)))
            continue
        findings += part.findings
        if len(part) == 0:
            findings.append(_without_rows(part))
        if name == "sales":
            part, cover, filtered = _covered(part, reader.mapping)
            findings += filtered
        parts[name] = part
    progress("reading", len(wanted), len(wanted))
    assert cover is not None, "sales are among the sources"  # noqa: S101  an invariant
    if reader.mapping.as_of is None and "stock" in parts:
        cover, moved = up_to_stock(cover, parts["stock"])
        findings += moved
    return ReadTables(parts=parts, coverage=cover, findings=findings)


def _zones(locations: Assembled | None, only: str | None) -> dict[str, str]:
    """The zone of every location that states one; "" is the only location's, where there is one."""
    if locations is None or "time_zone" not in locations.columns:
        return {}
    names, zones = locations.columns["location"], locations.columns["time_zone"]
    assert isinstance(names, Text)  # noqa: S101  the contract's kind
    assert isinstance(zones, Text)  # noqa: S101  the contract's kind
    pairs = ((names.at(row), zones.at(row)) for row in range(len(names)))
    stated = {name: zone for name, zone in pairs if name and zone}
    return stated | ({"": stated[only]} if only in stated else {})


def _last_day(cover: Coverage) -> str:
    """The day (or first day of the week) whose end the newest sales reach."""
    return (cover.as_of - timedelta(days=7 if cover.bucket == "week" else 1)).isoformat()


def _without_rows(part: Assembled) -> Finding:
    """A table all of whose rows are bad is unusable, an empty one is as good as absent."""
    name, files = part.table.name, ", ".join(dict.fromkeys(part.origin.files))
    if not part.bad:
        if part.table.required:
            raise BadSource(f"{files} has no rows, but {name} is needed. Export it again.")
        return _empty(name)
    worst = quarantine_findings(part.bad)[0]
    message = (
        f"{files}: no row of the table {name} can be used. {worst.message} "
        f"For example {worst.examples[0]}. Correct the file or state the form in a mapping."
    )
    if part.table.required:
        raise BadSource(message)
    return _unusable(name, message)


def _unusable(table: str, message: str) -> Finding:
    return Finding(
        code="unusable_table",
        severity="error",
        table=table,
        rows=0,
        message=message,
        done=f"Imported without the table {table}.",
    )


def _empty(table: str) -> Finding:
    return Finding(
        code="empty_table",
        severity="warning",
        table=table,
        rows=0,
        message=f"The table {table} has no rows.",
        done="Treated as absent.",
    )


def _covered(sales: Assembled, mapping: Mapping) -> tuple[Assembled, Coverage, list[Finding]]:
    """Sales without stray dates and without what lies after a stated as-of date."""
    sales = sales.without(
        stray_rows(sales), column="date", reason="lies far from the dates of all other sales"
    )
    cover = coverage(sales, as_of=mapping.as_of, bucket=mapping.sales_bucket)
    first_open = (cover.as_of - date(1970, 1, 1)).days
    later = days_of(sales) >= first_open
    if not later.any():
        return sales, cover, []
    finding = Finding(
        code="filtered_rows",
        severity="info",
        table="sales",
        rows=int(later.sum()),
        message=f"{counted(int(later.sum()), 'row lies', 'rows lie')} on or after the stated as_of "
        f"{cover.as_of}.",
        done="Left out and counted in the reconciliation.",
    )
    return sales.filtered(later), cover, [finding]
