"""How suppliers have done."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import ordinals, reals, texts, whole
from engine.kernels.discounts import cost_micros
from engine.kernels.price_list import stated_tiers
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.supply.orders import order_lines
from engine.supply.otif import judged_lines

# One row per supplier with order lines. NaN: there is nothing to tell it from.
SCORECARD = (
    "supplier",
    "lines",  # ordered in the time looked at, or still open
    "open_lines", "overdue_lines",
    "stated_days",  # what it states, from order to receipt
    "promised_days", "confirmed_days",  # means from order to those dates
    "mean_days", "sd_days",  # as learnt, on days it is open: what the plan reckons with
    "promised_sd_days",  # the spread if it had kept every promise
    "best_quarter_sd_days",  # of the quarter of a year in which it was steadiest
    "judged_lines",  # whose due day has passed
    "on_time_share", "in_full_share", "otif_share",  # of those; see engine.supply.otif
    "delivered_share",  # of the units of those, good ones that came by now
    "lost_share",  # chance that an order never comes, as the plan reckons with
    "late_days",  # mean of last receipt less due day; early counts below zero
    "price_variance",  # paid over listed, less 1, over the lines whose list price is known
    "rejected_share",  # of units that came
    "cancelled_share",  # of units ordered
    "trend_days",  # mean lead time of the later half of its lines less that of the earlier half
)  # fmt: skip
TREND_FROM = 4  # lines that make two halves worth comparing
QUARTER_DAYS = 91  # counted back from the as-of date
STEADY_FROM = 6  # lines of a quarter whose spread is worth believing
LOOKED_BACK_DAYS = 365


def scorecard(
    snapshot: Snapshot, lead_times: LeadTimes, *, days: int = LOOKED_BACK_DAYS
) -> pd.DataFrame:
    """Scorecard rows, columns SCORECARD, sorted by supplier.

    Over the lines ordered in the last `days`, those due in them, and whatever is open.
    """
    since, today = snapshot.as_of - timedelta(days=days), snapshot.as_of.toordinal()
    lines = _lines(snapshot, since)
    if lines.empty:
        return pd.DataFrame(columns=list(SCORECARD))
    lanes = lead_times.lanes
    lanes = lanes.assign(lost_share=lead_times.lost_of(np.arange(len(lanes), dtype=np.int64)))
    whole_lanes = lanes[lanes["sku"].isna() & lanes["location"].isna()].set_index("supplier")
    by_supplier = lines.groupby("supplier")
    scores = pd.concat(
        [
            _counts(lines, today),
            whole_lanes[["stated_days", "mean_days", "sd_days", "lost_share"]],
            by_supplier[["promised_days", "confirmed_days"]].mean(),
            by_supplier["promised_days"].std(ddof=0).rename("promised_sd_days"),
            _spreads(lines, today),
            _judged(snapshot, since).drop(columns=["good", "units"]),
            _prices(lines),
        ],
        axis=1,
    ).reindex(sorted(set(texts(lines, "supplier"))))
    return scores.rename_axis("supplier").reset_index()[list(SCORECARD)]


def _lines(snapshot: Snapshot, since: date) -> pd.DataFrame:
    """Order lines with what they cost, what was refused and the days to each of their dates."""
    lines, orders = order_lines(snapshot), snapshot["purchase_orders"]
    kept = ["po", "line", "units", "cancelled_units", "unit_cost_micros", "currency"]
    placed = orders[kept].rename(columns={"units": "ordered_units"})
    receipts = snapshot["receipts"]
    dated = receipts.assign(
        day=ordinals(receipts, "received_on"), refused=whole(receipts, "rejected_units")
    )
    last = dated.groupby(["po", "line"], as_index=False).agg(
        last_day=("day", "max"), refused=("refused", "sum")
    )
    joined = lines.merge(placed, on=["po", "line"]).merge(last, on=["po", "line"], how="left")
    recent = (joined["ordered"] >= since.toordinal()) | (joined["open_units"] > 0)
    chosen = joined[recent].reset_index(drop=True)
    done = (chosen["open_units"] == 0) & chosen["last_day"].notna()
    day = {name: chosen[name].where(chosen[name] > 0) for name in ("promised", "confirmed")}
    return chosen.assign(
        due=day["promised"].fillna(day["confirmed"]),
        refused=whole(chosen, "refused"),
        cancelled=whole(chosen, "cancelled_units"),
        promised_days=day["promised"] - chosen["ordered"],
        confirmed_days=day["confirmed"] - chosen["ordered"],
        lead_days=(chosen["last_day"] - chosen["ordered"]).where(done),
        list_micros=_listed(snapshot, chosen),
    )


def _listed(snapshot: Snapshot, lines: pd.DataFrame) -> NDArray[np.float64]:
    """List price of each line, micros per unit at its quantity; NaN where unknown.

    An order in another currency than its supplier's has no list price to be held against.
    """
    offers = snapshot["supplier_items"]
    tiers = {
        (supplier, sku): stated_tiers(breaks if isinstance(breaks, str) else None, cost, kind)
        for supplier, sku, breaks, cost, kind in zip(
            texts(offers, "supplier"), texts(offers, "sku"), offers["tiers"],
            reals(offers, "unit_cost_micros"), texts(offers, "tier_kind"), strict=True,
        )
    }  # fmt: skip
    usual = snapshot["suppliers"].set_index("supplier")["currency"]
    own = lines["supplier"].map(usual).fillna(snapshot.company.base_currency)
    same = (lines["currency"].isna() | (lines["currency"] == own)).to_numpy(dtype=np.bool_)
    listed = np.full(len(lines), np.nan)
    units = whole(lines, "ordered_units")
    for i, pair in enumerate(zip(texts(lines, "supplier"), texts(lines, "sku"), strict=True)):
        stated = tiers.get(pair)
        if stated is not None and same[i] and units[i] > 0:
            total = cost_micros(units[i : i + 1], stated)
            listed[i] = float(total[0]) / units[i]
    return listed


def _counts(lines: pd.DataFrame, today: int) -> pd.DataFrame:
    out = lines["open_units"] > 0
    counted = lines.assign(out=out, overdue=out & (lines["due"] < today))
    sums = counted.groupby("supplier").agg(
        lines=("po", "size"),
        open_lines=("out", "sum"),
        overdue_lines=("overdue", "sum"),
        came=("received_units", "sum"),
        refused=("refused", "sum"),
        cancelled=("cancelled", "sum"),
        ordered=("ordered_units", "sum"),
    )
    return sums.assign(
        rejected_share=sums["refused"] / sums["came"].where(sums["came"] > 0),
        cancelled_share=sums["cancelled"] / sums["ordered"].where(sums["ordered"] > 0),
    )[["lines", "open_lines", "overdue_lines", "rejected_share", "cancelled_share"]]


def _spreads(lines: pd.DataFrame, today: int) -> pd.DataFrame:
    """The steadiest quarter's spread, and the trend from the earlier to the later half."""
    done = lines[lines["lead_days"].notna()].sort_values(["supplier", "ordered", "po", "line"])
    quarter = (today - done["ordered"]) // QUARTER_DAYS
    spread = done.groupby([done["supplier"], quarter])["lead_days"].agg(["size", "std"])
    steady = spread[spread["size"] >= STEADY_FROM]["std"].groupby("supplier").min()
    by_supplier = done.groupby("supplier")
    count, number = by_supplier["po"].transform("size"), by_supplier.cumcount()
    enough = done[count >= TREND_FROM].assign(later=number >= count // 2)
    later, earlier = (
        enough[enough["later"] == half].groupby("supplier")["lead_days"].mean()
        for half in (True, False)
    )
    return pd.DataFrame({"best_quarter_sd_days": steady, "trend_days": later - earlier})


def _judged(snapshot: Snapshot, since: date) -> pd.DataFrame:
    lines = judged_lines(
        snapshot["purchase_orders"], snapshot["receipts"],
        first=since, last=snapshot.as_of, as_of=snapshot.as_of,
    )  # fmt: skip
    last = snapshot["receipts"].groupby(["po", "line"])["received_on"].max().rename("last_on")
    dated = lines.merge(last.reset_index(), on=["po", "line"], how="left")
    scores = (
        dated.assign(
            late=(dated["last_on"] - dated["due"]).dt.days,
            good=np.minimum(dated["ever"], dated["units"]),
        )
        .groupby("supplier")
        .agg(
            judged_lines=("po", "size"),
            on_time_share=("is_on_time", "mean"),
            in_full_share=("is_full", "mean"),
            otif_share=("is_otif", "mean"),
            late_days=("late", "mean"),
            good=("good", "sum"),
            units=("units", "sum"),
        )
    )
    return scores.assign(
        delivered_share=scores["good"] / scores["units"].where(scores["units"] > 0)
    )


def _prices(lines: pd.DataFrame) -> "pd.Series[float]":
    """Paid over listed of the same goods, less 1."""
    known = lines[lines["unit_cost_micros"].notna() & lines["list_micros"].notna()]
    units = known["ordered_units"]
    sums = (
        known.assign(paid=known["unit_cost_micros"] * units, listed=known["list_micros"] * units)
        .groupby("supplier")[["paid", "listed"]]
        .sum()
    )
    return (sums["paid"] / sums["listed"].where(sums["listed"] > 0) - 1).rename("price_variance")
