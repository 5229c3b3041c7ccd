"""Customers who wait, in the order in which they are served."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from engine.kernels.columns import optional_texts, texts, whole
from engine.promise.policy import PromisePolicy

_NEVER = datetime.max  # noqa: DTZ901  compared with naive instants in UTC


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One customer order line that waits. Instants are UTC without zone, as in the snapshot."""

    order_line: str
    sku: str
    location: str
    channel: str
    units: int
    ordered_at: datetime | None
    paid_at: datetime | None  # None: not paid
    customer_class: str = ""
    contact_ref: str | None = None  # a reference; never a name or an address
    told_first: date | None = None  # the window that the customer was given with the order
    told_last: date | None = None


def queue_of(backorders: pd.DataFrame, cancelled: Collection[str] = ()) -> tuple[Waiting, ...]:
    """Lines of the contract table `backorders` that still wait, without those cancelled here.

    A line without units waits for nothing and is left out.
    """
    rows = zip(
        texts(backorders, "order_line"), texts(backorders, "sku"), texts(backorders, "location"),
        texts(backorders, "channel"), whole(backorders, "units").tolist(),
        _instants(backorders, "ordered_at"), _instants(backorders, "paid_at"),
        optional_texts(backorders, "customer_class"), optional_texts(backorders, "contact_ref"),
        _days(backorders, "promised_from"), _days(backorders, "promised_to"),
        strict=True,
    )  # fmt: skip
    return tuple(
        Waiting(
            order_line=line, sku=sku, location=location, channel=channel, units=units,
            ordered_at=ordered, paid_at=paid, customer_class=class_ or "", contact_ref=contact,
            told_first=first or last, told_last=last or first,
        )
        for line, sku, location, channel, units, ordered, paid, class_, contact, first, last in rows
        if units > 0 and line not in cancelled
    )  # fmt: skip


def in_order(lines: Collection[Waiting], policy: PromisePolicy) -> list[Waiting]:
    """Who is served first: paid before unpaid, then class, time of payment, of the order, name.

    An unpaid line waits behind every paid one, whatever its class. Without `policy.unpaid` it is
    not served at all.
    """
    rank = {name: place for place, name in enumerate(policy.classes)}
    served = [each for each in lines if policy.unpaid or each.paid_at is not None]
    return sorted(served, key=lambda each: _turn(each, rank))


def _turn(line: Waiting, rank: Mapping[str, int]) -> tuple[bool, int, datetime, datetime, str]:
    return (
        line.paid_at is None,
        rank.get(line.customer_class, len(rank)),
        line.paid_at or _NEVER,
        line.ordered_at or _NEVER,
        line.order_line,
    )


def _instants(frame: pd.DataFrame, name: str) -> list[datetime | None]:
    stamps = pd.to_datetime(frame[name])
    return [None if pd.isna(each) else each.to_pydatetime() for each in stamps]


def _days(frame: pd.DataFrame, name: str) -> list[date | None]:
    return [None if each is None else each.date() for each in _instants(frame, name)]
