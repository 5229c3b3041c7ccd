"""A folder of exports becomes the tables of the contract, with an account of every row."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from rapidfuzz import process

from engine.connect.assemble import assemble
from engine.connect.assembled import Assembled, Columns
from engine.connect.assume import assume_costs, assume_stock, assume_supplier
from engine.connect.checks.run import run_checks
from engine.connect.checks.view import View
from engine.connect.columns import sorted_rows
from engine.connect.company import profile_of, zone_of
from engine.connect.complete import Tables, derive_names, derive_prices, only_location
from engine.connect.coverage import Coverage, coverage, days_of, stray_rows
from engine.connect.gather import (
    files_in,
    gather,
    ignored_files,
    reading_of,
    sources_by_name,
    table_of,
)
from engine.connect.mapping import Mapping, Source
from engine.connect.quarantine import BadCell, quarantine_findings
from engine.connect.take import take
from engine.connect.tally import Tally, part_of
from engine.errors import BadSource
from engine.model.contract import BY_NAME
from engine.model.finding import SEVERITIES, Finding
from engine.model.progress import Progress, silent
from engine.model.snapshot import CompanyProfile

# Locations first: where there is only one, it is the location of rows that name none.
_ORDER = sorted(BY_NAME, key=lambda name: (name != "locations", name))


@dataclass(frozen=True, kw_only=True)
class ImportedData:
    """Everything an import read, before it is stored."""

    company: CompanyProfile
    coverage: Coverage
    tables: Dict[str, Columns]  # of the contract, rows in canonical order; absent ones are absent
    bad: tuple[BadCell, ...]
    findings: tuple[Finding, ...]  # errors first
    tallies: tuple[Tally, ...]  # of the tables that the source has


def read_folder(
    folder: Path,
    mapping: Mapping,
    *,
    known: CompanyProfile | None = None,
    progress: Progress = silent,
) -> ImportedData:
    """Read, check and complete a folder. Raises BadSource when there can be no plan from it."""
    named = sources_by_name(folder)
    sources = {**named, **mapping.tables}
    if "sales" not in sources:
        raise _no_sales(folder)
    zone = zone_of(mapping.company, known)
    read, findings = _read_tables(folder, sources, mapping, zone, progress)
    tables = {name: part for name, part in read.items() if len(part)}
    given = frozenset(tables)
    tables["sales"], cover, filtered = _covered(tables["sales"], mapping)
    company, introduced = profile_of(
        mapping.company, known, folder, tables["items"].columns if "items" in tables else None
    )
    findings += filtered + introduced
    findings += derive_names(tables, given) + derive_prices(tables, cover)
    findings += assume_costs(tables, mapping.defaults)
    findings += assume_supplier(tables, mapping.defaults)
    findings += assume_stock(tables, mapping.defaults, cover)
    view = View(tables=tables, given=given, coverage=cover)
    findings += run_checks(view, company, progress)
    findings += ignored_files(folder, _files_read(folder, sources), BY_NAME)
    accounts = read | {name: tables[name] for name in given}
    bad = tuple(cell for part in accounts.values() for cell in part.bad)
    findings += quarantine_findings(bad)
    return ImportedData(
        company=company,
        coverage=cover,
        tables={name: _sorted(tables[name]) for name in BY_NAME if name in tables},
        bad=bad,
        findings=tuple(sorted(findings, key=lambda found: SEVERITIES.index(found.severity))),
        tallies=tuple(_finished(accounts[name]) for name in BY_NAME if name in accounts),
    )


def _no_sales(folder: Path) -> BadSource:
    """The one table that must be there is not; a file that looks like it is pointed out."""
    names = {table_of(path.name): path.name for path in files_in(folder) if table_of(path.name)}
    close = process.extractOne("sales", list(names), score_cutoff=60)
    hint = f" Is it {names[close[0]]}?" if close else ""
    found = f"It has: {', '.join(sorted(names.values())[:8])}." if names else "It has no data file."
    return BadSource(
        f"The folder {str(folder)!r} has no sales file such as sales.csv, and no mapping says "
        f"where sales are. {found}{hint} See: qm import --contract sales"
    )


def _read_tables(
    folder: Path,
    sources: Dict[str, list[Source]],
    mapping: Mapping,
    zone: str,
    progress: Progress,
) -> tuple[Tables, list[Finding]]:
    """Every table that can be read; one that cannot is an error only if it must be there.

    A table may come out without a row: its account of bad rows is kept all the same.
    """
    tables: Tables = {}
    findings: list[Finding] = []
    wanted = [name for name in _ORDER if name in sources]
    for done, name in enumerate(wanted):
        progress(f"reading {name}", done, len(wanted))
        try:
            part = _read_table(folder, name, sources[name], mapping, zone, tables.get("locations"))
        except BadSource as error:
            if BY_NAME[name].required:
                raise
            findings.append(_unusable(name, str(error)))
            continue
        tables[name] = part
        findings += part.findings
        if len(part) == 0:
            findings.append(_without_rows(part))
    progress("reading", len(wanted), len(wanted))
    return tables, findings


def _read_table(
    folder: Path,
    name: str,
    sources: list[Source],
    mapping: Mapping,
    zone: str,
    locations: Assembled | None,
) -> Assembled:
    table = BY_NAME[name]
    takens = [
        take(
            gather(folder, name, source, mapping.read),
            table,
            source,
            reading=reading_of(source, mapping.read),
            checks=mapping.checks,
            company_zone=zone,
        )
        for source in sources
    ]
    code = only_location(locations)
    defaults = {"location": code} if code and name != "locations" else {}
    once = mapping.checks.identical_sales == "once"
    return assemble(table, takens, defaults=defaults, once=once)


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
        message=f"{int(later.sum()):,} rows lie on or after the stated as_of {cover.as_of}.",
        done="Left out and counted in the reconciliation.",
    )
    return sales.filtered(later), cover, [finding]


def _files_read(folder: Path, sources: Dict[str, list[Source]]) -> set[str]:
    patterns = [source.file for found in sources.values() for source in found if source.file]
    patterns += [join.file for found in sources.values() for s in found for join in s.join]
    return {path.name for pattern in patterns for path in folder.glob(pattern)}


def _sorted(part: Assembled) -> Columns:
    order = sorted_rows(part.columns, [name for name in part.table.key if name in part.columns])
    if np.array_equal(order, np.arange(len(order))):
        return part.columns
    return {name: cells.take(order) for name, cells in part.columns.items()}


def _finished(part: Assembled) -> Tally:
    """The account with its last part: what is in the table, rows the import added apart."""
    from engine.connect.append import DERIVED

    read = np.asarray([name != DERIVED for name in part.origin.files])[part.origin.file]
    return replace(part.tally, accepted=part_of(part.table.name, part.columns, read))
