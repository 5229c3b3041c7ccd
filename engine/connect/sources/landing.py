"""Where rows of a source land: a folder that `qm import` reads, one row for each key.

The rows are kept by key in a hidden folder beside; the CSV files are written from them whole, each
replaced in one step, so that an import never reads half a file.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from engine.connect.sources.port import About, Page, Row
from engine.errors import StoreError
from engine.model.contract import BY_NAME

HIDDEN = ".rows"


@dataclass(kw_only=True)
class Landing:
    """The folder of one source; what was landed is on disk once it is flushed."""

    folder: Path
    _tables: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=dict[str, dict[str, dict[str, str]]], repr=False
    )
    _dirty: set[str] = field(default_factory=set[str], repr=False)

    def land(self, page: Page) -> int:
        """Take a page's rows in; returns how many rows of the table changed."""
        rows = self._tables.setdefault(page.table, {}) or self._rows(page.table)
        self._tables[page.table] = rows
        changed = 0
        for key, row in page.rows.items():
            changed += self._put(rows, json.dumps(key), dict(row))
        for key, more in page.updates.items():
            name = json.dumps(key)
            changed += self._put(rows, name, {**rows.get(name, {}), **more})
        for key in page.gone:
            changed += rows.pop(json.dumps(key), None) is not None
        if changed:
            self._dirty.add(page.table)
        return changed

    def flush(self) -> None:
        """Write every table that changed, whole."""
        for table in sorted(self._dirty):
            self._keep(table, self._tables[table])
        self._dirty.clear()

    def introduce(self, about: About) -> None:
        """The mapping that says whose data it is; one that is there stays, people may edit it."""
        path = self.folder / "mapping.yaml"
        if path.exists():
            return
        company = {
            "name": about.name, "base_currency": about.currency, "time_zone": about.time_zone,
        }  # fmt: skip
        told = {name: value for name, value in company.items() if value}
        _write(path, yaml.safe_dump({"company": told}, sort_keys=False, allow_unicode=True))

    def _put(self, rows: dict[str, dict[str, str]], name: str, row: dict[str, str]) -> bool:
        if rows.get(name) == row:
            return False
        rows[name] = row
        return True

    def _rows(self, table: str) -> dict[str, dict[str, str]]:
        path = self.folder / HIDDEN / f"{table}.json"
        if not path.exists():
            return {}
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _keep(self, table: str, rows: Mapping[str, Row]) -> None:
        _write(self.folder / HIDDEN / f"{table}.json", json.dumps(rows, sort_keys=True))
        names = [column.name for column in BY_NAME[table].columns]
        used = [name for name in names if any(row.get(name) for row in rows.values())]
        out = io.StringIO()
        writer = csv.DictWriter(out, used, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))
        _write(self.folder / f"{table}.csv", out.getvalue())


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
