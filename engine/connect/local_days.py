"""The day of a sale or a stock-take on the clock of the place where it happened.

An instant (a time with an offset, or in a file whose zone is stated) falls on different days in
London and in Tokyo. Wall-clock times of no stated zone are those of the place already.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.connect.columns import Mask, Numbers, Text
from engine.connect.parse import Locale, ParsedColumn, parse_column
from engine.model.contract import Table

DATED_BY_PLACE = ("sales", "stock")


def on_local_days(
    table: Table,
    parsed: Mapping[str, ParsedColumn],
    dates: Text | None,
    locale: Locale,
    zones: Mapping[str, str],
) -> dict[str, ParsedColumn]:
    """The columns with `date` read in the zone of each row's location.

    `zones` names the IANA zone of every location that states one; "" stands for rows that name no
    location. Places in the company's own zone, and tables not dated by place, stay as they are.
    """
    found = dict(parsed)
    elsewhere = sorted({zone for zone in zones.values() if zone != locale.company_zone})
    date = parsed.get("date")
    if table.name not in DATED_BY_PLACE or not elsewhere or date is None or dates is None:
        return found
    zone_of_row = _zones(parsed.get("location"), zones, len(dates))
    for zone in elsewhere:
        there = parse_column(table, table.column("date"), dates, replace(locale, company_zone=zone))
        found["date"] = _joined(found["date"], there, zone_of_row == zone)
    return found


def _zones(
    location: ParsedColumn | None, zones: Mapping[str, str], rows: int
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """[row] the zone that its location states; "" where none does."""
    nowhere = zones.get("", "")
    if location is None or not isinstance(location.cells, Text):
        return np.full(rows, nowhere, dtype=object)
    names = [zones.get(name, "") for name in location.cells.distinct]
    return np.array([*names, nowhere], dtype=object)[location.cells.codes]


def _joined(here: ParsedColumn, there: ParsedColumn, rows: Mask) -> ParsedColumn:
    """One column with the given rows from the other; a reason belongs to the text, not the zone."""
    assert isinstance(here.cells, Numbers)  # noqa: S101  dates are
    assert isinstance(there.cells, Numbers)  # noqa: S101  dates are
    cells = np.where(rows, there.cells.cells, here.cells.cells)
    valid = np.where(rows, there.cells.valid, here.cells.valid)
    return replace(here, cells=Numbers(cells=cells, valid=valid))
