"""An immutable, content-addressed picture of the data at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

Bucket = Literal["day", "week"]


@dataclass(frozen=True, kw_only=True)
class CompanyProfile:
    """What the data says of the company itself; part of the snapshot's identity."""

    name: str
    base_currency: str  # ISO 4217
    time_zone: str = "UTC"  # IANA name
    country: str = ""  # ISO 3166, for holidays
    is_demo: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Every table of the data contract as a frame; an absent table is an empty frame.

    Columns are the stored names of `engine.model.contract`; in sales, stock and traffic the
    columns sku, location and channel are categorical, elsewhere text is `object` with None.
    Frames are shared: nobody writes into them.
    """

    id: str
    company: CompanyProfile
    first_day: date  # of sales
    as_of: date  # the first day (morning) not covered by sales: planning starts here
    sales_bucket: Bucket  # how fine the recorded sales are
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]
