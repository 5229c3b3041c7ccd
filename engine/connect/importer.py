"""A folder of exports becomes the tables of the contract, with an account of every row."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz import process

from engine.connect.append import DERIVED
from engine.connect.assembled import Assembled, Columns
from engine.connect.assume import assume_costs, assume_stock, assume_supplier
from engine.connect.checks.run import run_checks
from engine.connect.checks.view import View
from engine.connect.columns import sorted_rows
from engine.connect.company import profile_of, zone_of
from engine.connect.complete import derive_names, derive_prices
from engine.connect.coverage import Coverage
from engine.connect.gather import files_in, ignored_files, sources_by_name, table_of
from engine.connect.mapping import Mapping, Source
from engine.connect.quarantine import BadCell, quarantine_findings
from engine.connect.tables import FolderReader, read_tables
from engine.connect.tally import Tally, part_of
from engine.errors import BadSource
from engine.model.contract import BY_NAME
from engine.model.finding import SEVERITIES, Finding
from engine.model.progress import Progress, silent
from engine.model.snapshot import CompanyProfile


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
    reader = FolderReader(folder=folder, sources=sources, mapping=mapping, zone=zone)
    read = read_tables(reader, progress)
    findings, cover = read.findings, read.coverage
    tables = {name: part for name, part in read.parts.items() if len(part)}
    given = frozenset(tables)
    company, introduced = profile_of(
        mapping.company, known, folder, tables["items"].columns if "items" in tables else None
    )
    findings += introduced
    findings += derive_names(tables, given) + derive_prices(tables, cover)
    findings += assume_costs(tables, mapping.defaults)
    findings += assume_supplier(tables, mapping.defaults)
    findings += assume_stock(tables, mapping.defaults, cover)
    view = View(tables=tables, given=given, coverage=cover)
    findings += run_checks(view, company, progress)
    findings += ignored_files(folder, _files_read(folder, sources), BY_NAME)
    accounts = read.parts | {name: tables[name] for name in given}
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
    read = np.asarray([name != DERIVED for name in part.origin.files])[part.origin.file]
    return replace(part.tally, accepted=part_of(part.table.name, part.columns, read))
