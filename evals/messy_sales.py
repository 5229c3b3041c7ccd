"""A folder of exports as systems write them: mostly right, wrong in all the usual ways."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SKUS, DAYS = 5_000, 730
LOCATIONS = ("LONDON", "LEEDS", "WAKEFIELD")
CHANNELS = ("web", "store", "marketplace", "wholesale")
END = date(2026, 11, 22)
Strings = NDArray[np.str_]
# Share of the rows that carry each mistake.
MISTAKES = {
    "units": (0.001, ("", "three", "1.5", "4006381333931")),
    "date": (0.001, ("2026-02-30", "yesterday", "00/00/0000", "")),
    "sku": (0.0005, ("",)),
    "net_revenue": (0.002, ("GBP 1,234.50", "£12.99", "n/a", "12,5", "(3.00)")),
    "kind": (0.0005, ("refnd",)),
}


@dataclass(frozen=True, kw_only=True)
class MessyFolder:
    path: Path
    rows: int  # of sales, broken lines included


def write_messy_folder(folder: Path, *, rows: int, seed: int) -> MessyFolder:
    """Sales with mistakes, items that lack some SKUs, stock of the last four weeks."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.yaml").write_text(
        "company: {name: Bench, base_currency: GBP, time_zone: Europe/London, country: GB}\n"
    )
    columns = _sales(rng, rows)
    for name, (share, wrong) in MISTAKES.items():
        at = rng.random(rows) < share
        columns[name] = columns[name].astype("U24")
        columns[name][at] = rng.choice(np.asarray(wrong), int(at.sum()))
    _write(folder / "sales.csv", columns, broken_every=50_000)
    _write(folder / "items.csv", _items(rng), broken_every=0)
    _write(folder / "stock.csv", _stock(rng), broken_every=0)
    return MessyFolder(path=folder, rows=rows)


def _skus() -> Strings:
    return np.char.add("SKU-", np.char.zfill(np.arange(SKUS).astype(str), 5))


def _sales(rng: np.random.Generator, rows: int) -> dict[str, Strings]:
    """Popularity falls off like 1/rank; a day's rows carry its season; 2 % come back."""
    weight = 1 / np.arange(10, SKUS + 10)
    sku = rng.choice(SKUS, rows, p=weight / weight.sum())
    season = 1 + 0.4 * np.sin(np.arange(DAYS) * 2 * np.pi / 365)
    day = np.sort(rng.choice(DAYS, rows, p=season / season.sum()))
    units = 1 + rng.poisson(1.5, rows)
    units = np.where(rng.random(rows) < 0.02, -1, units)
    price = np.round(np.exp(rng.normal(3, 0.8, SKUS)), 2)[sku]
    dates = np.asarray([(END - timedelta(days=DAYS - 1 - d)).isoformat() for d in range(DAYS)])
    order = np.char.add("W", (np.arange(rows) * 2 // 3).astype(str))
    return {
        "date": dates[day],
        "sku": _skus()[sku],
        "location": np.asarray(LOCATIONS)[rng.choice(3, rows, p=[0.5, 0.3, 0.2])],
        "channel": np.asarray(CHANNELS)[rng.choice(4, rows, p=[0.5, 0.25, 0.15, 0.1])],
        "order_id": order,
        "units": units.astype(str),
        "net_revenue": np.char.mod("%.2f", units * price),
        "kind": np.full(rows, "sale"),
    }


def _items(rng: np.random.Generator) -> dict[str, Strings]:
    """Every fiftieth SKU is missing: its sales are of an unknown item."""
    known = _skus()[np.arange(SKUS) % 50 != 0]
    cost = np.char.mod("%.4f", np.exp(rng.normal(2, 0.8, len(known))))
    return {"sku": known, "name": np.char.add("Item ", known), "unit_cost": cost}


def _stock(rng: np.random.Generator) -> dict[str, Strings]:
    """Four Sundays; some records are negative, some series sell from nothing."""
    count = SKUS * len(LOCATIONS)
    days = [(END - timedelta(days=7 * week)).isoformat() for week in range(4)]
    return {
        "date": np.repeat(np.asarray(days), count),
        "sku": np.tile(np.repeat(_skus(), len(LOCATIONS)), 4),
        "location": np.tile(np.asarray(LOCATIONS), SKUS * 4),
        "on_hand": rng.choice([-2, 0, 5, 20, 80], count * 4, p=[0.01, 0.19, 0.3, 0.3, 0.2]).astype(
            str
        ),
    }


def _write(path: Path, columns: dict[str, Strings], *, broken_every: int) -> None:
    """A plain CSV file; now and then a line has a cell too many, as an unquoted comma makes."""
    lines = columns[next(iter(columns))]
    for cells in list(columns.values())[1:]:
        lines = np.char.add(np.char.add(lines, ","), _quoted(cells))
    if broken_every:
        lines = lines.astype(f"U{lines.dtype.itemsize // 4 + 12}")
        lines[broken_every - 1 :: broken_every] = np.char.add(
            lines[broken_every - 1 :: broken_every], ",extra"
        )
    header = ",".join(columns)
    path.write_text(f"{header}\n" + "\n".join(lines.tolist()) + "\n", encoding="utf-8")


def _quoted(cells: Strings) -> Strings:
    with_comma = np.char.find(cells, ",") >= 0
    if not with_comma.any():
        return cells
    quoted = np.char.add(np.char.add('"', cells[with_comma]), '"')
    wide = cells.astype(f"U{max(cells.dtype.itemsize, quoted.dtype.itemsize) // 4}")
    wide[with_comma] = quoted
    return wide
