"""What each series is: item, category, price and cost in the base currency."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Ints, bools
from engine.demand.axes import SeriesAxis
from engine.demand.catalogue import Catalogue
from engine.kernels.currency import rates_on
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot


def launch_places(snapshot: Snapshot, catalogue: Catalogue, taken: Ints, locations: int) -> Ints:
    """Places of items that have neither sold nor been stocked: every location of their category.

    Discontinued items and items without any known neighbour in a location get no series there.
    """
    items = snapshot["items"]
    known = catalogue.codes(list(items["sku"].astype(str)))
    waiting = items["status"].isin(["active", "planned"]).to_numpy() & ~np.isin(
        known, taken // max(locations, 1)
    )
    if not waiting.any() or locations == 0:
        return np.zeros(0, dtype=np.int64)
    shelf = items["category"].fillna("").astype(str).str.split("/").str[0].to_numpy(dtype=object)
    shelf_of = dict(zip(known.tolist(), shelf.tolist(), strict=True))
    homes = pd.DataFrame({"sku": taken // locations, "location": taken % locations})
    homes["shelf"] = homes["sku"].map(shelf_of)
    homes = homes[["shelf", "location"]].drop_duplicates()
    wanted = pd.DataFrame({"sku": known[waiting], "shelf": shelf[waiting]})
    pairs = wanted.merge(homes, on="shelf")
    return np.unique(
        pairs["sku"].to_numpy(dtype=np.int64) * locations + pairs["location"].to_numpy()
    )


@dataclass(frozen=True, kw_only=True)
class Described:
    """One row per series with the columns that `DemandPanel.series` promises."""

    frame: pd.DataFrame
    unpriced: Bools  # no price above zero is known, so the configured one stands in


def describe_series(
    axis: SeriesAxis, snapshot: Snapshot, catalogue: Catalogue, config: PlanConfig
) -> Described:
    items = snapshot["items"].drop_duplicates("sku").set_index("sku").reindex(catalogue.skus)
    known = _known_price(snapshot, items, catalogue)
    price = np.rint(known.fillna(config.default_price_micros).to_numpy(np.float64)).astype(np.int64)
    cost = _cost_micros(snapshot, items, price, config)
    items = items.iloc[axis.sku]
    frame = pd.DataFrame({"sku": axis.skus, "location": axis.locations})
    frame["category"] = items["category"].fillna("").to_numpy(dtype=object)
    frame["name"] = (
        items["name"].fillna(pd.Series(items.index, index=items.index)).to_numpy(dtype=object)
    )
    frame["price_micros"] = price[axis.sku]
    frame["unit_cost_micros"] = cost[axis.sku]
    frame["launch_date"] = items["launch_date"].to_numpy(dtype="datetime64[ns]")
    frame["status"] = items["status"].fillna("active").to_numpy(dtype=object)
    return Described(frame=frame, unpriced=known.isna().to_numpy(dtype=np.bool_)[axis.sku])


def _to_base(
    micros: "pd.Series[float]", currency: "pd.Series[str]", snapshot: Snapshot
) -> "pd.Series[float]":
    """Unit prices in the base currency; an empty currency is the base already.

    Missing where the currency has no rate: one item in it is no reason not to plan the others.
    """
    base = snapshot.company.base_currency
    rates = rates_on(snapshot["fx_rates"], snapshot.as_of, base)
    named = currency.where(currency.notna() & (currency != ""), base)
    return micros * named.map({code: float(rate) for code, rate in rates.items()}).astype(float)


def _known_price(
    snapshot: Snapshot, items: pd.DataFrame, catalogue: Catalogue
) -> "pd.Series[float]":
    """What is stated, else what was paid; missing where neither is above zero.

    A price of zero is a gap in the data: nobody sells for nothing, and every margin would be a
    loss.
    """
    stated = _to_base(items["price_micros"].astype(float), items["currency"], snapshot)
    return stated.where(stated > 0).fillna(_paid_micros(snapshot, catalogue))


def _paid_micros(snapshot: Snapshot, catalogue: Catalogue) -> "pd.Series[float]":
    """Revenue per unit over all sales of an item, whatever name and unit they were recorded in."""
    sales = snapshot["sales"]
    sold = (sales["units"] > 0) & (sales["kind"] == "sale") & sales["net_revenue_micros"].notna()
    names = pd.Categorical(sales.loc[sold, "sku"])
    written = [str(name) for name in names.categories]
    units = sales.loc[sold, "units"].to_numpy(dtype=np.float64)
    revenue = sales.loc[sold, "net_revenue_micros"].to_numpy(dtype=np.float64)
    code = np.append(catalogue.codes(written), -1)[names.codes]
    factor = np.append(catalogue.factors(written), 1)[names.codes]
    known, size = code >= 0, len(catalogue.skus)
    total = np.bincount(code[known], weights=(units * factor)[known], minlength=size)
    paid = np.bincount(code[known], weights=revenue[known], minlength=size)
    average = np.divide(paid, total, out=np.full(size, np.nan), where=total > 0)
    return pd.Series(np.where(average > 0, average, np.nan), index=pd.Index(catalogue.skus))


def _cost_micros(snapshot: Snapshot, items: pd.DataFrame, price: Ints, config: PlanConfig) -> Ints:
    """The item's cost, else the preferred supplier's, else the price less the usual margin."""
    stated = _to_base(items["unit_cost_micros"].astype(float), items["currency"], snapshot)
    offers = snapshot["supplier_items"].sort_values(["sku", "rank", "supplier"], kind="stable")
    offers = offers[offers["unit_cost_micros"].notna()].drop_duplicates("sku").set_index("sku")
    currencies = snapshot["suppliers"].drop_duplicates("supplier").set_index("supplier")["currency"]
    offered = _to_base(
        offers["unit_cost_micros"].astype(float), offers["supplier"].map(currencies), snapshot
    ).reindex(items.index)
    assumed = pd.Series(price * (1.0 - config.default_margin), index=items.index)
    cost = stated.fillna(offered).fillna(assumed)
    return np.rint(cost.to_numpy(dtype=np.float64)).astype(np.int64)


def discontinued(series: pd.DataFrame) -> Bools:
    """[series] no longer bought, so sold until the last unit and then no more."""
    return bools(series["status"] == "discontinued")


def announced(series: pd.DataFrame) -> Bools:
    """[series] a launch is stated, by its day or as planned."""
    return bools((series["status"] == "planned") | series["launch_date"].notna())
