"""Stock records against themselves and against sales."""

import numpy as np
import pandas as pd

from engine.connect.append import whole_numbers
from engine.connect.checks.view import EXAMPLES, Ints, View, only, shown_day
from engine.connect.columns import Index, Mask, group_rows, stacked, stacked_numbers
from engine.connect.coverage import days_of
from engine.model.counting import counted
from engine.model.finding import Finding

# A count of zero is this unlikely before it is called phantom stock: exp(-7) is under one in 1000.
_EXPECTED_SALES_FOR_PHANTOM = 7.0
_DAYS_FOR_PHANTOM = 28


def negative_stock(view: View) -> list[Finding]:
    if "stock" not in view.given:
        return []
    on_hand = view.numbers("stock", "on_hand")
    negative = on_hand.valid & (on_hand.cells.astype(np.int64) < 0)
    if not negative.any():
        return []
    return [
        Finding(
            code="negative_stock",
            severity="warning",
            table="stock",
            rows=int(negative.sum()),
            message=f"{counted(int(negative.sum()), 'stock record is', 'stock records are')} "
            "below zero.",
            done="Kept: sold more than was recorded as received; count these.",
            examples=view.tables["stock"].places(negative),
        )
    ]


def _series(view: View) -> tuple[Index, Index]:
    """One numbering of SKU x location for stock rows and sales rows."""
    sku = stacked([view.text("stock", "sku"), view.sales.sku])
    location = stacked([view.text("stock", "location"), view.sales.location])
    groups, _ = group_rows([sku, location])
    rows = len(view.tables["stock"])
    return groups[:rows], groups[rows:]


def sales_without_stock(view: View) -> list[Finding]:
    """Sales in a bucket that began and ended with nothing on hand, or was flagged out of stock."""
    if "stock" not in view.given:
        return []
    stock_series, sales_series = _series(view)
    day = days_of(view.tables["stock"])
    width = max(int(day.max()), int(view.sales.day.max())) + view.sales.step + 1
    sold = (sales_series * width + view.sales.day)[view.sales.is_demand]
    on_hand, share = view.numbers("stock", "on_hand"), view.numbers("stock", "in_stock_fraction")
    key = stock_series * width + day
    none = on_hand.valid & (on_hand.cells.astype(np.int64) <= 0)
    ended_before = _among(key - view.sales.step, key[none])
    flagged = share.valid & (share.cells.astype(np.float64) <= 0)
    # A share above zero says it was there for a while: a return, put back and sold again.
    strange = ((none & ended_before & ~share.valid) | flagged) & _among(key, sold)
    strange &= ~_received_on(view, day)
    if not strange.any():
        return []
    return [
        Finding(
            code="sales_without_stock",
            severity="warning",
            table="stock",
            rows=int(strange.sum()),
            message=f"{counted(int(strange.sum()), 'time', 'times')} "
            "something sold while stock says there was none.",
            done="Kept; the sales count, the stock record is doubted.",
            examples=_sold_examples(view, strange, day),
        )
    ]


def _among(keys: Index, wanted: Index) -> Mask:
    """Which keys are wanted; by hash, as sorting millions of keys would take seconds."""
    return pd.Series(keys).isin(pd.unique(wanted)).to_numpy()


def _received_on(view: View, day: Ints) -> Mask:
    """Stock rows of a SKU and place on whose day something was received: it can sell at once."""
    if not {"receipts", "purchase_orders"} <= view.tables.keys():
        return np.zeros(len(day), dtype=np.bool_)
    orders, receipts = view.tables["purchase_orders"], view.tables["receipts"]
    po = stacked([view.text("purchase_orders", "po"), view.text("receipts", "po")])
    lines = [view.numbers("purchase_orders", "line"), view.numbers("receipts", "line")]
    groups, first = group_rows([po, stacked_numbers(lines)])
    order = first[groups[len(orders) :]]
    known = order < len(orders)
    sku = view.text("purchase_orders", "sku").take(order[known])
    location = view.text("purchase_orders", "location").take(order[known])
    received = days_of(receipts, "received_on")[known] // view.sales.step
    keys, _ = group_rows(
        [
            stacked([view.text("stock", "sku"), sku]),
            stacked([view.text("stock", "location"), location]),
            whole_numbers(np.concatenate([day // view.sales.step, received])),
        ]
    )
    return _among(keys[: len(day)], keys[len(day) :])


def _sold_examples(view: View, rows: Mask, day: Ints) -> tuple[str, ...]:
    sku, location = view.text("stock", "sku"), view.text("stock", "location")
    at = np.flatnonzero(rows)[:EXAMPLES]
    return tuple(f"{sku.at(row)} at {location.at(row)} on {shown_day(int(day[row]))}" for row in at)


def phantom_stock(view: View) -> list[Finding]:
    """Stock on record, but no sale for so long that the shelf is probably empty.

    The rate is that of the series' own last year up to its last sale.
    """
    if "stock" not in view.given or not view.numbers("stock", "on_hand").valid.any():
        return []
    stock_series, sales_series = _series(view)
    sales = view.sales
    sold = pd.DataFrame({"series": sales_series, "day": sales.day, "units": sales.units})[
        sales.is_demand
    ]
    end = int(sales.day.max()) + sales.step
    recent = sold[sold["day"] > end - 365 - _DAYS_FOR_PHANTOM]
    by_series = recent.groupby("series").agg(
        first=("day", "min"), last=("day", "max"), lines=("day", "nunique")
    )
    active = (by_series["last"] - by_series["first"] + sales.step).clip(lower=_DAYS_FOR_PHANTOM)
    quiet = end - by_series["last"] - sales.step
    expected = by_series["lines"] / active * quiet
    silent = quiet[(expected >= _EXPECTED_SALES_FOR_PHANTOM) & (quiet >= _DAYS_FOR_PHANTOM)]
    held = _latest_on_hand(view, stock_series)
    held = only(held, (held["on_hand"] > 0) & held["series"].isin(silent.index))
    bought = ~_discontinued(view)[held["row"].to_numpy()]
    phantom = only(held, bought)
    if phantom.empty:
        return []
    return [_phantom_finding(view, phantom, quiet.to_dict())]


def _discontinued(view: View) -> Mask:
    """Stock rows of items that are no longer bought: their silence has a reason."""
    sku, status = view.text("items", "sku"), view.text("items", "status")
    over = status.where([value == "discontinued" for value in status.distinct])
    gone = set(sku.take(over).used())
    stocked = view.text("stock", "sku")
    return stocked.where([value in gone for value in stocked.distinct])


def _latest_on_hand(view: View, series: Index) -> pd.DataFrame:
    on_hand = view.numbers("stock", "on_hand")
    frame = pd.DataFrame(
        {
            "series": series,
            "day": days_of(view.tables["stock"]),
            "on_hand": on_hand.cells.astype(np.int64),
            "row": np.arange(len(series)),
        }
    )[on_hand.valid]
    return frame.sort_values(["series", "day"]).drop_duplicates("series", keep="last")


def _phantom_finding(view: View, phantom: pd.DataFrame, quiet: dict[object, object]) -> Finding:
    sku, location = view.text("stock", "sku"), view.text("stock", "location")
    shown = [
        f"{sku.at(row)} at {location.at(row)}: {units} on record, no sale for {quiet[series]} days"
        for series, row, units in phantom.head(EXAMPLES)[["series", "row", "on_hand"]].itertuples(
            index=False
        )
    ]
    return Finding(
        code="phantom_stock",
        severity="warning",
        table="stock",
        rows=len(phantom),
        message=f"{counted(len(phantom), 'item has', 'items have')} "
        "stock on record that should have sold by now.",
        done="Kept; count them. Planning does not learn the silence as lack of demand.",
        examples=tuple(shown),
    )
