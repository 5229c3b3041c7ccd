"""Assumptions for what no table gives: stated by the mapping's defaults, each one a finding."""

from datetime import timedelta

import numpy as np
import pandas as pd

from engine.connect.append import appended, whole_numbers
from engine.connect.assembled import gaps
from engine.connect.checks.view import Sales
from engine.connect.columns import Numbers, Text, Typed, constant, text_of
from engine.connect.complete import Tables
from engine.connect.coverage import Coverage
from engine.connect.mapping import Defaults
from engine.model.contract import BY_NAME
from engine.model.finding import Finding

_RECENT_DAYS = 56  # demand of the last eight weeks stands for demand now


def assume_costs(tables: Tables, defaults: Defaults) -> list[Finding]:
    """Items without a cost get a share of their price, where the mapping states one."""
    items, share = tables["items"], defaults.cost_share_of_price
    cost, price = items.columns.get("unit_cost"), items.columns.get("price")
    if share is None or not isinstance(price, Numbers):
        return []
    known = cost if isinstance(cost, Numbers) else gaps(len(price), price.cells.dtype)
    assumed = price.valid & ~known.valid
    # Integer arithmetic on the share's decimal digits: no float touches money.
    top, bottom = share.as_integer_ratio()
    cells = (price.cells.astype(object) * top // bottom).astype(np.int64)
    items.columns["unit_cost"] = Numbers(
        cells=np.where(assumed, cells, known.cells.astype(np.int64)), valid=known.valid | assumed
    )
    return _assumed("items", int(assumed.sum()), "unit cost", f"{share:%} of the price")


def assume_supplier(tables: Tables, defaults: Defaults) -> list[Finding]:
    """Where nobody says who sells what: one supplier, or the only one there is, sells it all."""
    findings: list[Finding] = []
    if "suppliers" not in tables:
        new: dict[str, Typed] = {
            "supplier": text_of([defaults.supplier]),
            "name": text_of(["Assumed supplier"]),
            "review_days": whole_numbers([defaults.review_days]),
            "lead_time_days": _reals([defaults.lead_time_days]),
        }
        tables["suppliers"] = appended(BY_NAME["suppliers"], None, new)
        findings += _assumed(
            "suppliers", 1, "supplier",
            f"one supplier, {defaults.supplier}, with a lead time of {defaults.lead_time_days:g} "
            f"days and an order every {defaults.review_days} days",
        )  # fmt: skip
    if "supplier_items" not in tables:
        findings += _assume_supplier_items(tables, defaults)
    return findings


def _assume_supplier_items(tables: Tables, defaults: Defaults) -> list[Finding]:
    suppliers = tables["suppliers"].columns["supplier"]
    items = tables["items"].columns
    sku = items["sku"]
    assert isinstance(suppliers, Text), "a supplier is text"  # noqa: S101  an invariant
    assert isinstance(sku, Text), "a sku is text"  # noqa: S101  an invariant
    names = suppliers.used()
    if len(names) != 1:
        return [
            Finding(
                code="no_supplier_items",
                severity="error",
                table="supplier_items",
                rows=len(sku),
                message=f"Nothing says which of {len(names)} suppliers sells what.",
                done="Nothing can be ordered; add the table supplier_items.",
            )
        ]
    new: dict[str, Typed] = {
        "supplier": constant(names[0], len(sku)),
        "sku": sku,
        "case_pack": whole_numbers(np.full(len(sku), defaults.case_pack, dtype=np.int64)),
    }
    if "unit_cost" in items:
        new["unit_cost"] = items["unit_cost"]
    tables["supplier_items"] = appended(BY_NAME["supplier_items"], None, new)
    what = f"{names[0]} sells every item in packs of {defaults.case_pack}, at the item's cost"
    return _assumed("supplier_items", len(sku), "supplier of an item", what)


def assume_stock(tables: Tables, defaults: Defaults, coverage: Coverage) -> list[Finding]:
    """Without any stock record, each series holds some days of its recent demand.

    By default as many as the assumed lead time: what an order placed now would arrive to. With
    zero, the plan fills every shelf from nothing.
    """
    if "stock" in tables:
        return []
    days = defaults.stock_days_of_demand
    days = defaults.lead_time_days if days is None else days
    sales = Sales(tables["sales"], coverage)
    held = _recent_units(sales) * days / _RECENT_DAYS
    rows = len(held)
    last = coverage.as_of - timedelta(days=sales.step)
    first_rows = sales.first_row
    new: dict[str, Typed] = {
        "date": Numbers(
            cells=np.full(rows, np.datetime64(last, "ns")), valid=np.ones(rows, dtype=np.bool_)
        ),
        "sku": sales.sku.take(first_rows),
        "location": sales.location.take(first_rows),
        "on_hand": whole_numbers(np.rint(held).astype(np.int64)),
    }
    tables["stock"] = appended(BY_NAME["stock"], None, new)
    return _assumed(
        "stock", rows, "stock on hand", f"{days:g} days of each item's demand of the last 8 weeks"
    )


def _recent_units(sales: Sales) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Units of the last eight weeks, per series."""
    recent = sales.is_demand & (sales.day > int(sales.day.max()) + sales.step - 1 - _RECENT_DAYS)
    units = pd.Series(sales.units[recent]).groupby(sales.series[recent]).sum()
    return units.reindex(range(len(sales.first_row)), fill_value=0).to_numpy(dtype=np.float64)


def _reals(values: list[float]) -> Numbers:
    return Numbers(cells=np.asarray(values), valid=np.ones(len(values), dtype=np.bool_))


def _assumed(table: str, rows: int, lacking: str, assumption: str) -> list[Finding]:
    if rows == 0:
        return []
    return [
        Finding(
            code="assumed",
            severity="warning",
            table=table,
            rows=rows,
            message=f"The source does not give the {lacking}.",
            done=f"Assumed: {assumption}. Change it under `defaults` in the mapping.",
        )
    ]
