"""The SCMS delivery file as shipments: when each was ordered and when it came."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import BadSource, InvalidInput
from engine.kernels.columns import ordinals, texts

Days = NDArray[np.int64]
_FORMATS = ("%m/%d/%y", "%d-%b-%y", "%m/%d/%Y", "%Y-%m-%d")
# What the planner calls it, and the file.
_COLUMNS = {
    "po": "PO / SO #",
    "asn": "ASN/DN #",
    "supplier": "Vendor",
    "place": "Country",
    "sku": "Item Description",
    "via": "Fulfill Via",
    "mode": "Shipment Mode",
    "sent": "PO Sent to Vendor Date",
    "scheduled": "Scheduled Delivery Date",
    "delivered": "Delivered to Client Date",
}
_NO_MODE = "N/A"


@dataclass(frozen=True, kw_only=True)
class Shipments:
    """One per (PO, ASN), sorted by day of sending; `sent` and `delivered` are day ordinals.

    `frame` has columns po, asn, supplier, place, sku and mode, its index 0..n-1. `dropped` counts
    the lines of the file that are no evidence, by reason. `complete_until` is the last day of
    sending after which shipments are absent from the file because they came too late for it.
    """

    frame: pd.DataFrame = field(repr=False)
    sent: Days = field(repr=False)
    delivered: Days = field(repr=False)
    dropped: dict[str, int]
    complete_until: date

    @property
    def lead_days(self) -> Days:
        return self.delivered - self.sent


def read_shipments(path: Path) -> Shipments:
    """Direct-drop lines with both dates and no negative time, one shipment per (PO, ASN)."""
    lines = _lines(_file(path))
    wanted = {
        "not direct drop": lines["via"] == "Direct Drop",
        "no day of sending": lines["sent"].notna(),
        "no day of delivery": lines["delivered"].notna(),
        "delivered before sent": ~(lines["delivered"] < lines["sent"]),
    }
    kept, dropped = np.ones(len(lines), dtype=np.bool_), dict[str, int]()
    for reason, good in wanted.items():
        dropped[reason] = int((kept & ~good).sum())
        kept &= good.to_numpy(dtype=np.bool_)
    first = lines[kept].drop_duplicates(["po", "asn"])
    frame = first.sort_values(["sent", "po", "asn"], ignore_index=True)
    return Shipments(
        frame=frame[["po", "asn", "supplier", "place", "sku", "mode"]],
        sent=ordinals(frame, "sent"),
        delivered=ordinals(frame, "delivered"),
        dropped=dropped,
        complete_until=(lines["scheduled"].max() - pd.Timedelta(days=366)).date(),
    )


def _file(path: Path) -> Path:
    """The file itself, or the one in this folder or in a folder of it."""
    if path.is_file():
        return path
    found = sorted([*path.glob("scms*.csv"), *path.glob("*/scms*.csv")])
    if not found:
        raise InvalidInput(
            f"No scms*.csv in {path} or in a folder of it. Pass the delivery file with --data."
        )
    return found[0]


def _lines(path: Path) -> pd.DataFrame:
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=_encoding(path))
    missing = [column for column in _COLUMNS.values() if column not in raw.columns]
    if missing:
        raise BadSource(
            f"{path.name} has no column {missing[0]!r}. Give the SCMS deliveries as published."
        )
    lines = pd.DataFrame({name: raw[column].str.strip() for name, column in _COLUMNS.items()})
    lines["mode"] = lines["mode"].replace("", _NO_MODE)
    for day in ("sent", "scheduled", "delivered"):
        lines[day] = _dates(lines[day])
    return lines


def _encoding(path: Path) -> str:
    """Copies of the file are about in both."""
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _dates(texts_: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Days in any of the file's formats; NaT for what is none of them."""
    found = pd.to_datetime(texts_, format=_FORMATS[0], errors="coerce")
    for form in _FORMATS[1:]:
        found = found.fillna(pd.to_datetime(texts_, format=form, errors="coerce"))
    return found


def names(shipments: Shipments, column: str) -> NDArray[np.object_]:
    return np.asarray(texts(shipments.frame, column), dtype=object)
