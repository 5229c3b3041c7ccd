"""The demo company in the sizes tests need; made once per process."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import pandas as pd
import pyarrow as pa

from engine.model.contract import BY_NAME
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.simulate.company import DemoCompany, generate
from engine.store.frames import frame_of

TYPES = {
    "text": pa.string(), "list": pa.string(), "integer": pa.int64(), "money": pa.int64(),
    "real": pa.float64(), "date": pa.timestamp("ns"), "instant": pa.timestamp("ns"),
    "flag": pa.bool_(),
}  # fmt: skip

LAST_DAY = date(2026, 11, 15)  # a Sunday


@cache
def small_company() -> DemoCompany:
    """Eighty items and one year: quick, with everything in it that the full one has."""
    return generate(3, LAST_DAY, skus=80, history_days=364)


@cache
def full_company() -> DemoCompany:
    """The company of `qm demo`."""
    return generate(7, LAST_DAY)


@cache
def snapshot_of(make: Callable[[], DemoCompany]) -> Snapshot:
    """The company as an import would store it, without files in between."""
    company = make()
    sales_dates = company.tables["sales"]["date"]
    return Snapshot(
        id=f"demo-{make.__name__}",
        company=company.profile,
        first_day=sales_dates.min().date(),
        as_of=sales_dates.max().date() + timedelta(days=1),
        sales_bucket="day",
        tables={name: stored(name, company.tables.get(name, pd.DataFrame())) for name in BY_NAME},
    )


def stored(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame as users write it, in the types of a snapshot."""
    arrays: dict[str, pa.Array] = {}
    for column in BY_NAME[table].columns:
        cells = frame.get(column.name, pd.Series([None] * len(frame), dtype=object))
        if column.default is not None:
            filled = cells.astype(object).where(cells.notna(), column.default)
            cells = filled if column.kind in {"text", "list"} else pd.to_numeric(filled)
        if column.kind == "money":
            cells = (pd.to_numeric(cells) * MICROS).round().astype("Int64")
        if column.kind in {"text", "list"}:
            cells = cells.astype(object)
        if column.kind in {"date", "instant"}:
            cells = pd.to_datetime(cells)
        arrays[column.stored] = pa.array(cells, type=TYPES[column.kind], from_pandas=True)
    return frame_of(table, pa.table(arrays))
