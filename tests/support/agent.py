"""A planned company to talk to: a handful of items, people with rights, a stored plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from langgraph.checkpoint.memory import InMemorySaver

from agent.bootstrap import Company
from agent.checkpoints import Checkpoints
from agent.compute import InProcess
from agent.llm.offline.model import OfflineModel
from agent.llm.port import ChatModel, Question, Reply
from agent.turns import Assistant
from engine.demand.findings import Finding, correction, corrections_frame, findings_frame
from engine.model.forecast import DRIVERS, DemandNoise, Forecast
from engine.model.panel import DemandPanel
from engine.model.snapshot import CompanyProfile
from engine.service.artefacts import series_table
from engine.service.correction_tables import corrections_table, findings_table
from engine.service.plan_storage import save_tables
from engine.service.reading import RunHeader, latest_run
from engine.service.stores import Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database
from engine.store.snapshots import SnapshotHeader, StoredTable, save_snapshot
from engine.store.tables.imports import import_runs
from support.company import stored
from support.plans import exception, line, plan_of, save
from support.purchasing import NOW, purchasing_stores
from support.running import HandClock, company_at
from tools.names import names_of

AS_OF = date(2026, 11, 2)
# sku, name, category; the last two carry figures in their codes and names, as real data does.
ITEMS = (
    ("LAMP-OAK-01", "Oak table lamp", "Lighting/Table lamps"),
    ("LAMP-ASH-02", "Ash table lamp", "Lighting/Table lamps"),
    ("CHAIR-1", "Oak chair", "Furniture/Chairs"),
    ("VASE-BLU-02", "Blue vase", "Decor/Vases"),
    ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "Decor/Lights"),
    ("22423", "REGENCY CAKESTAND 3 TIER", "Kitchen"),
)
LOCATIONS = (("LEEDS", "Leeds store"), ("LONDON", "London shop"))
SUPPLIERS = (("NORDLICHT", "Nordlicht GmbH"), ("OAKHURST", "Oakhurst Joinery"))
WEEKS, HORIZON = 30, 13
LEVELS = (0.1, 0.5, 0.9)


def planned_stores(database: Database, folder: Path, **plan: Any) -> Stores:
    """Stores with people in force, a snapshot with prices, and a plan of four lines."""
    stores = purchasing_stores(database, folder)
    snapshot_id = _save_snapshot(stores)
    save(
        stores,
        plan_of(LINES, EXCEPTIONS),
        snapshot_id=snapshot_id,
        artefacts=save_tables(stores, _tables()),
        **plan,
    )
    return stores


LINES = [
    line(1, "LAMP-OAK-01", "LEEDS", units=144, packs=12, cost_minor=288_000,
         running_cost_minor=288_000, confidence="high",
         steps=(("need", 110), ("safety", 40), ("on hand", -5), ("inbound", -6), ("case pack", 5))),
    line(2, "85123A", "LEEDS", cost_minor=44_400, running_cost_minor=332_400),
    line(3, "CHAIR-1", "LONDON", supplier="OAKHURST", units=4, packs=4, case_pack=1,
         cost_minor=40_000, running_cost_minor=372_400,
         steps=(("need", 5), ("on hand", -1))),
    line(4, "22423", "LONDON", cost_minor=12_000, running_cost_minor=384_400, tier="wait"),
]  # fmt: skip
EXCEPTIONS = [
    {**exception("stock_out_soon:LAMP-OAK-01", 90_000), "location": "LEEDS"},
    exception("low_confidence:22423", 20_000),
]


def _save_snapshot(stores: Stores) -> str:
    tables = {
        "items": pd.DataFrame(
            [{"sku": s, "name": n, "category": c, "price": 40, "unit_cost": 20}
             for s, n, c in ITEMS]
        ),
        "suppliers": pd.DataFrame(
            [{"supplier": s, "name": n, "currency": "GBP", "lead_time_days": 14}
             for s, n in SUPPLIERS]
        ),
        "supplier_items": pd.DataFrame(
            [{"supplier": _supplier(s), "sku": s, "unit_cost": 20,
              "case_pack": 1 if s == "CHAIR-1" else 12} for s, _, _ in ITEMS]
        ),
    }  # fmt: skip
    header = SnapshotHeader(
        company=CompanyProfile(name="Fern & Oak", base_currency="GBP", is_demo=True),
        first_day=AS_OF - timedelta(weeks=WEEKS),
        as_of=AS_OF,
        sales_bucket="week",
        tables={name: _blob(stores, name, frame) for name, frame in tables.items()},
    )
    report = {"tallies": [{"table": name} for name in sorted(tables)], "quarantined": 3}
    with stores.database.write() as work:
        save_snapshot(work, header, NOW)
        work.execute(
            sa.insert(import_runs).values(
                at=NOW, source="test", snapshot_id=header.id, report=report
            )
        )
    return header.id


def _blob(stores: Stores, name: str, frame: pd.DataFrame) -> StoredTable:
    table = pa.Table.from_pandas(stored(name, frame), preserve_index=False)
    return StoredTable(blob=stores.blobs.put_table(table), rows=len(frame))


def _supplier(sku: str) -> str:
    return "OAKHURST" if sku.startswith("CHAIR") else "NORDLICHT"


def _keys() -> list[tuple[str, str]]:
    return sorted((sku, place) for sku, _, _ in ITEMS for place, _ in LOCATIONS)


def _catalogue() -> pa.Table:
    named = {sku: (name, category) for sku, name, category in ITEMS}
    places, suppliers = dict(LOCATIONS), dict(SUPPLIERS)
    rows = [
        {
            "sku": sku, "location": place, "name": named[sku][0], "category": named[sku][1],
            "status": "active", "supplier": _supplier(sku),
            "supplier_name": suppliers[_supplier(sku)], "location_name": places[place],
            "price_micros": 40_000_000, "unit_cost_micros": 20_000_000, "on_hand": 5,
            "reserved": 1, "stock_known": True, "mean_weekly_units": 10.0 + (place == "LEEDS"),
            "confidence": "high",
        }
        for sku, place in _keys()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _tables() -> dict[str, pa.Table]:
    panel, forecast = _panel(), _forecast()
    return {
        "series": series_table(panel, forecast),
        "catalogue": _catalogue(),
        "corrections": corrections_table(panel),
        "findings": findings_table(panel),
    }


def _series_rows() -> pd.DataFrame:
    keys, named = _keys(), {sku: (name, category) for sku, name, category in ITEMS}
    return pd.DataFrame(
        {
            "sku": [sku for sku, _ in keys],
            "location": [place for _, place in keys],
            "name": [named[sku][0] for sku, _ in keys],
            "category": [named[sku][1] for sku, _ in keys],
            "method": "pooled season",
            "reason": "The history is long and regular.",
            "confidence": "high",
            "demand_class": "smooth",
            "backtest_wape": 0.21,
            "backtest_bias": 0.02,
        }
    )


def _panel() -> DemandPanel:
    rows = _series_rows()
    history = np.tile(np.linspace(8.0, 12.0, WEEKS), (len(rows), 1))
    in_stock = np.ones((len(rows), WEEKS))
    in_stock[:, 10:13] = 0.0
    promoted = np.zeros((len(rows), WEEKS))
    promoted[:, 20:22] = 1.0
    starts = pd.date_range(AS_OF - timedelta(weeks=WEEKS), periods=WEEKS, freq="7D")
    return DemandPanel(
        bucket="week",
        starts=starts,
        series=rows,
        observed=history * in_stock,
        in_stock=in_stock,
        clean=history,
        promoted=promoted,
        corrections=_corrections(rows, history, starts),
        findings=findings_frame([
            Finding(code="phantom-stock", sku="VASE-BLU-02", location="LEEDS",
                    message="The records show stock, but it has stopped selling."),
            Finding(code="stock-history-missing", sku="CHAIR-1", location="LONDON",
                    message="No stock history, so it counts as in stock throughout."),
        ]),
    )  # fmt: skip


def _corrections(rows: pd.DataFrame, history: np.ndarray, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """The three weeks out of stock of every series."""
    out = np.zeros(history.shape, dtype=bool)
    out[:, 10:13] = True
    return corrections_frame([correction("stockout", history * 0, history, out)], rows, starts)


def _forecast() -> Forecast:
    rows = _series_rows()
    count = len(rows)
    mean = np.full((count, HORIZON), 11.0)
    drivers = np.zeros((count, HORIZON, len(DRIVERS)))
    drivers[:, :, 0], drivers[:, :, 1], drivers[:, :, 2] = 9.0, 0.5, 1.5
    return Forecast(
        bucket="week",
        starts=pd.date_range(AS_OF, periods=HORIZON, freq="7D"),
        series=rows,
        levels=LEVELS,
        mean=mean,
        quantiles=np.stack([mean - 4, mean, mean + 5], axis=2),
        drivers=drivers,
        noise=DemandNoise(level_cv=np.zeros(count), size=np.full(count, np.inf)),
    )


@dataclass
class ScriptedModel:
    """Replies as a test says, one after the other; the last one is repeated."""

    replies: list[Reply | Callable[[Question], Reply]]
    name: str = "scripted"
    heeds_the_person_only: bool = False
    asked: int = 0

    def reply(self, question: Question) -> Reply:
        given = self.replies[min(self.asked, len(self.replies) - 1)]
        self.asked += 1
        return given(question) if callable(given) else given


def offline(stores: Stores) -> OfflineModel:
    return OfflineModel(names=lambda: names_of(stores, latest_run(stores)))


def planned_company(database: Database, home: Path, **plan: Any) -> Company:
    """A company whose plan is stored, computing where it is called."""
    planned_stores(database, home, **plan)
    return open_planned(database, home)


def open_planned(database: Database, home: Path) -> Company:
    """The company that `planned_company` left in this home."""
    company = company_at(database, home, HandClock(NOW))
    stores = replace(company.stores, blobs=BlobStore(url=f"{home}/snapshots"))
    return replace(company, stores=stores, compute=InProcess())  # type: ignore[arg-type]  same port


def assistant_for(
    company: Company, model: ChatModel | None = None, registry: Mapping[str, Any] | None = None
) -> Assistant:
    return Assistant(
        company=company,
        model=model or offline(company.stores),
        checkpoints=Checkpoints.holding(InMemorySaver()),
        locale="en_GB",
        tools=registry,
    )


def run_of(company: Company) -> RunHeader:
    return latest_run(company.stores)
