"""From a seed and a date to a whole company: tables of the data contract, and the truth."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from engine.model import contract
from engine.model.snapshot import CompanyProfile
from engine.simulate.company.buying import build_buyer
from engine.simulate.company.catalogue import build_catalogue
from engine.simulate.company.days import HISTORY_DAYS, company_days
from engine.simulate.company.delivery import build_suppliers
from engine.simulate.company.demand import build_demand
from engine.simulate.company.events import closure_table, holiday_table
from engine.simulate.company.flow import simulate_flow
from engine.simulate.company.incidents import build_incidents
from engine.simulate.company.items import bundle_table, item_table
from engine.simulate.company.orders import order_book
from engine.simulate.company.places import build_series, channel_table, location_table
from engine.simulate.company.prices import build_prices
from engine.simulate.company.promotions import build_promotions, promotion_table
from engine.simulate.company.sales import sales_table
from engine.simulate.company.stock import stock_table, truth_table
from engine.simulate.company.terms import (
    build_terms,
    fx_table,
    supplier_item_table,
    supplier_table,
)
from engine.simulate.company.waiting import backorder_table, budget_table

PROFILE = CompanyProfile(
    name="Alder & Wick Home",
    base_currency="GBP",
    time_zone="Europe/London",
    country="GB",
    is_demo=True,
)


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    """A made-up merchant.

    `tables` are frames by contract table, with the columns as users write them (money in the
    currency's major unit). `truth` is what no merchant knows: the units customers wanted, by
    date, sku, location and channel, whether or not they were there.
    """

    profile: CompanyProfile
    tables: dict[str, pd.DataFrame] = field(repr=False)
    truth: pd.DataFrame = field(repr=False)


def generate(
    seed: int, end: date, *, skus: int = 400, history_days: int = HISTORY_DAYS
) -> DemoCompany:
    """Make up a merchant whose last day of sales is `end`.

    The same seed, end and size give the same frames to the last byte. Stock follows from the
    rest: opening stock + receipts + returns - sales - parts of gift sets = closing stock, for
    every SKU, location and day.
    """
    days = company_days(end, history_days)
    catalogue = build_catalogue(seed, days, skus)
    series = build_series(seed, catalogue)
    prices = build_prices(seed, catalogue, days)
    promotions = build_promotions(seed, catalogue, days)
    terms = build_terms(seed, catalogue)
    wanted = build_demand(seed, catalogue, series, prices, promotions, days)
    incidents = build_incidents(seed, catalogue, series, wanted, days)
    closures = closure_table(days)
    flow = simulate_flow(
        seed, catalogue, series, wanted,
        build_buyer(seed, catalogue, series, terms, wanted, incidents, days),
        build_suppliers(closures, days), incidents, days,
    )  # fmt: skip
    book = order_book(seed, catalogue, series, terms, flow.orders, days)
    tables = {
        "items": item_table(catalogue, days),
        "bundles": bundle_table(),
        "locations": location_table(),
        "channels": channel_table(),
        "sales": sales_table(seed, catalogue, series, flow, prices, promotions, days),
        "stock": stock_table(seed, catalogue, series, flow, days),
        "suppliers": supplier_table(),
        "supplier_items": supplier_item_table(catalogue, terms),
        "purchase_orders": book.purchase_orders,
        "receipts": book.receipts,
        "promotions": promotion_table(promotions, catalogue, days),
        "holidays": holiday_table(days),
        "closures": closures,
        "backorders": backorder_table(seed, catalogue, series, wanted, flow, days),
        "budgets": budget_table(days, skus),
        "fx_rates": fx_table(seed, days),
    }
    return DemoCompany(
        profile=PROFILE,
        tables={name: _in_contract_order(name, frame) for name, frame in tables.items()},
        truth=truth_table(catalogue, series, wanted, days),
    )


def _in_contract_order(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Columns in the order of the contract; one that it does not know is a bug here."""
    known = [column.name for column in contract.BY_NAME[name].columns]
    strange = sorted(set(frame.columns) - set(known))
    if strange:
        raise AssertionError(f"{name} has columns outside the contract: {strange}")
    return frame[[column for column in known if column in frame.columns]]
