"""How good the data of a plan are: what was corrected, what is doubtful, what to fix first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from engine.model.finding import Finding
from engine.model.money import MICROS, to_minor
from engine.service.correction_tables import all_corrections, all_findings
from engine.service.corrections import reversals
from engine.service.data_state import MissingTable, data_state
from engine.service.items import catalogue
from engine.service.reading import RunHeader
from engine.service.stores import Stores

WEEKS_AT_STAKE = 4
# What is done about each, and how much of the sales of its series hangs on it.
FIX: Mapping[str, str] = {
    "phantom-stock": "Count the shelf and correct the stock record.",
    "stock-history-missing": "Bring in the stock history, so that stockouts are told from silence.",
    "stockout-suspected": "Look up whether it was out of stock, and record stock from now on.",
    "returns-exceed-sales": "Look for the sales that were returned; they are not in the data.",
    "spike-damped": "Look at the order behind the peak; keep it as recorded if it may come again.",
    "price-unknown": "State a price: margins and what is at stake are assumed without it.",
}  # fmt: skip
NO_CORRECTION = ("rename", "bundle", "unit change")  # other names of the same sales


@dataclass(frozen=True, kw_only=True)
class CorrectionTotal:
    """What one kind of correction added and took, units over the whole history."""

    kind: str
    series: int
    periods: int
    added: float
    removed: float


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One kind of doubt about the data, with the series it touches."""

    code: str
    series: int
    at_stake_minor: int  # expected sales of those series over four weeks, at selling prices
    sku: str  # the series with most at stake
    location: str
    message: str
    fix: str


@dataclass(frozen=True, kw_only=True)
class DataHealth:
    """The data behind a run. Shares are of all units of clean demand."""

    as_of: date
    days_old: int
    series: int
    totals: tuple[CorrectionTotal, ...]  # most units first
    corrected_share: float
    issues: tuple[Issue, ...]  # most money first: what to fix first
    reversed_by_people: int  # corrections that people keep from being made
    quarantined: int  # rows the import could not use
    imported: tuple[Finding, ...] = field(repr=False)  # of the import, errors first
    missing: tuple[MissingTable, ...] = field(repr=False)


def data_health(stores: Stores, run: RunHeader, now: datetime) -> DataHealth:
    """The state of the data under a plan; StoreError where nothing is imported yet."""
    state = data_state(stores)
    made = all_corrections(stores, run)
    told = made[~made["kind"].isin(NO_CORRECTION)]
    return DataHealth(
        as_of=run.as_of,
        days_old=(now.date() - run.as_of).days,
        series=len(catalogue(stores, run)),
        totals=_totals(made),
        corrected_share=_share(told, _clean_units(stores, run)),
        issues=_issues(all_findings(stores, run), catalogue(stores, run), run.currency),
        reversed_by_people=sum(each.state == "in force" for each in reversals(stores, now)),
        quarantined=state.quarantined,
        imported=state.findings,
        missing=state.missing,
    )


def _totals(made: pd.DataFrame) -> tuple[CorrectionTotal, ...]:
    change = (made["after"] - made["before"]).to_numpy(dtype=np.float64)
    rows = made.assign(
        added=np.maximum(change, 0.0), removed=np.maximum(-change, 0.0),
        series=made["sku"].astype(str) + "\0" + made["location"].astype(str),
    )  # fmt: skip
    found = rows.groupby("kind", sort=True).agg(
        series=("series", "nunique"), periods=("kind", "size"),
        added=("added", "sum"), removed=("removed", "sum"),
    )  # fmt: skip
    totals = [
        CorrectionTotal(kind=str(kind), series=int(n), periods=int(p), added=float(a),
                        removed=float(r))
        for kind, n, p, a, r in found.itertuples()
    ]  # fmt: skip
    return tuple(sorted(totals, key=lambda each: (-each.added - each.removed, each.kind)))


def _share(made: pd.DataFrame, units: float) -> float:
    """Units that corrections moved, of all demand."""
    moved = float((made["after"] - made["before"]).abs().sum())
    return moved / units if units > 0 else 0.0


def _clean_units(stores: Stores, run: RunHeader) -> float:
    column = stores.blobs.get_table(run.artefacts["series"], ["clean"])["clean"]
    values = pc.list_flatten(column).to_numpy()
    return float(np.nansum(values))


def _issues(findings: pd.DataFrame, rows: pd.DataFrame, currency: str) -> tuple[Issue, ...]:
    """One per kind of finding about series, those about the whole company left out."""
    about = findings[findings["sku"].notna() & findings["location"].notna()]
    about = about[about["code"].isin(list(FIX))]
    weekly = rows["mean_weekly_units"].astype(float) * rows["price_micros"].astype(float)
    stake = rows[["sku", "location"]].assign(stake=weekly * WEEKS_AT_STAKE / MICROS)
    joined = about.merge(stake, on=["sku", "location"], how="left")
    joined["stake"] = joined["stake"].fillna(0.0)
    issues = [
        _issue(str(code), group, currency) for code, group in joined.groupby("code", sort=True)
    ]
    return tuple(sorted(issues, key=lambda each: (-each.at_stake_minor, each.code)))


def _issue(code: str, group: pd.DataFrame, currency: str) -> Issue:
    ordered = group.sort_values(["stake", "sku", "location"], ascending=[False, True, True])
    first = ordered.iloc[0]
    series = group.drop_duplicates(["sku", "location"])
    return Issue(
        code=code,
        series=len(series),
        at_stake_minor=to_minor(Decimal(str(round(float(series["stake"].sum()), 6))), currency),
        sku=str(first["sku"]),
        location=str(first["location"]),
        message=str(first["message"]),
        fix=FIX[code],
    )
