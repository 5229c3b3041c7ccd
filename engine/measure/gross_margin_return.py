"""What does a unit of cash in stock earn a year? Gross margin return on inventory (GMROI)."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from engine.measure.holdings import unit_costs
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.money import MICROS, exponent
from engine.model.period import Period

YEAR = 365


def gross_margin_return(
    sales: pd.DataFrame,
    stock: pd.DataFrame,
    items: pd.DataFrame,
    bundles: pd.DataFrame,
    rates: Mapping[str, Decimal],
    base: str,
    period: Period,
) -> Kpi:
    """Gross margin of the period, brought to a year, over the mean value of stock at cost.

    Margin is net revenue less cost of the units sold, returns and cancellations taken off both.

    GMROI. Rows without revenue count by the price paid, else by the item's; a gift set without a
    cost costs what its parts do; items without any cost are left out above and below the line.
    Stock is the mean over the days with records. Higher is better. Frames of the data contract.
    """
    costs = _with_sets(unit_costs(items, rates, base), bundles)
    inside = sales["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = sales[inside & sales["kind"].isin(["sale", "return", "cancellation"])]
    rows = rows.astype({"sku": object}).merge(costs, on="sku")
    revenue = float(_revenue(rows, items).sum()) / MICROS
    cost = float((rows["units"] * rows["cost"]).sum()) / MICROS
    scale = 10 ** exponent(base)
    margin = (revenue - cost) * scale * YEAR / period.days
    average = _average_stock(stock, costs, period) * scale
    return Kpi(
        name="gross margin return",
        value=ratio(margin, average),
        unit="ratio",
        numerator=margin,
        denominator=average,
        numerator_label="gross margin of a year at the period's pace",
        denominator_label="mean value of stock at cost",
        better="higher",
        definition=definition_of(gross_margin_return),
        parts=(
            Part(label="gross margin of the period", value=(revenue - cost) * scale, unit="money"),
            Part(label="net revenue of the period", value=revenue * scale, unit="money"),
        ),
    )


def _revenue(rows: pd.DataFrame, items: pd.DataFrame) -> "pd.Series[float]":
    """Micros of the base currency, below zero for what came back."""
    listed = rows["sku"].map(items.set_index("sku")["price_micros"].to_dict())
    price = rows["price_micros"].astype(float).fillna(listed.astype(float)).fillna(0.0)
    return rows["net_revenue_micros"].astype(float).fillna(price * rows["units"])


def _with_sets(costs: pd.DataFrame, bundles: pd.DataFrame) -> pd.DataFrame:
    parts = bundles.merge(costs, left_on="component_sku", right_on="sku")
    whole = bundles.groupby("bundle_sku").size()
    sums = (parts["quantity"] * parts["cost"]).groupby(parts["bundle_sku"]).agg(["sum", "size"])
    known = sums[sums["size"] == whole.reindex(sums.index)]
    sets = pd.DataFrame({"sku": known.index, "cost": known["sum"].to_numpy()})
    new = sets[~sets["sku"].isin(costs["sku"])]
    return costs if new.empty else pd.concat([costs, new], ignore_index=True)


def _average_stock(stock: pd.DataFrame, costs: pd.DataFrame, period: Period) -> float:
    inside = stock["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = stock.loc[inside, ["date", "sku", "on_hand"]].dropna()
    days = rows["date"].nunique()
    cost = rows["sku"].astype(object).map(costs.set_index("sku")["cost"].to_dict()).astype(float)
    value = float((rows["on_hand"].clip(lower=0) * cost.fillna(0.0)).sum()) / MICROS
    return value / days if days else 0.0
