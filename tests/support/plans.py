"""Stored plans for tests that read them: small, and of the real shape."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from engine.model import plan as frames
from engine.model.plan import Allocation, Plan
from engine.service.plan_storage import put_on_record, save_plan, save_tables
from engine.service.reading import RunHeader, run_header
from engine.service.stores import AuditSeal, Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def stores_for(database: Database, folder: object) -> Stores:
    return Stores(
        database=database,
        blobs=BlobStore(url=f"{folder}/snapshots"),
        seal=AuditSeal(key=b"a key for tests only", anchor=f"{folder}/anchor"),
    )


def line(
    rank: int, sku: str = "LAMP-OAK-01", location: str = "LEEDS", **other: Any
) -> dict[str, Any]:
    """A ranked buy of 24 units in packs of 12, three weeks of protection."""
    return {
        "rank": rank,
        "sku": sku,
        "location": location,
        "supplier": "NORDLICHT",
        "units": 24,
        "packs": 2,
        "case_pack": 12,
        "unit_cost_micros": 18_500_000,
        "currency": "GBP",
        "cost_minor": 44_400,
        "freight_minor": 1_200,
        "duty_minor": 0,
        "charges_minor": 0,
        "source_why": "only",
        "alternative": None,
        "running_cost_minor": 44_400 * rank,
        "value_minor": 30_000 - rank,
        "return_per_cash": 0.68,
        "priority": 61,
        "stockout_days_p10": 4.0,
        "stockout_days_p50": 6.5,
        "stockout_days_p90": 11.0,
        "stockout_chance": 0.9,
        "expected_lost_units": 9.25,
        "lost_margin_minor": 20_000,
        "lost_revenue_minor": 37_000,
        "on_hand": 5,
        "reserved": 1,
        "inbound_units": 0,
        "draft_units": 0,
        "order_on": "2026-11-02",
        "demand_over_protection": 19.5,
        "demand_low": 12.0,
        "demand_high": 28.0,
        "protection_days": 21.0,
        "confidence": "medium",
        "tier": "auto_approve",
        "tier_reason": "Flows: a rule lets such lines be approved within the policy's limit.",
        "reason": "runs out before the next order can arrive",
        "steps": (("demand", 20), ("safety", 6), ("on hand", -4), ("case pack", 2)),
        **other,
    }


def plan_of(lines: list[dict[str, Any]], exceptions: list[dict[str, Any]] | None = None) -> Plan:
    return Plan(
        lines=pd.DataFrame(lines, columns=list(frames.LINES)),
        cuts=pd.DataFrame(
            [
                {
                    "sku": "VASE-BLU-02",
                    "location": "LEEDS",
                    "supplier": "CERAMICA",
                    "units": 12,
                    "cost_minor": 9_000,
                    "expected_loss_minor": 4_000,
                    "cause": "budget",
                    "reason": "the cap leaves no room",
                }
            ],
            columns=list(frames.CUTS),
        ),
        transfers=pd.DataFrame(columns=list(frames.TRANSFERS)),
        exceptions=pd.DataFrame(exceptions or [], columns=list(frames.EXCEPTIONS)),
        allocation=Allocation(
            budget_minor=100_000,
            spent_minor=sum(each["cost_minor"] for each in lines),
            value_minor=sum(each["value_minor"] for each in lines),
            bound_minor=70_000,
            shadow_price=0.57,
            next_thousand_minor=57_000,
        ),
    )


def exception(key: str, at_stake_minor: int = 1_000) -> dict[str, Any]:
    code, sku = key.split(":")[:2]
    return {
        "key": key,
        "code": code,
        "severity": "high",
        "sku": sku,
        "location": None,
        "supplier": None,
        "po": None,
        "at_stake_minor": at_stake_minor,
        "facts": {"lost_units": 3.5},
    }


def save(
    stores: Stores, plan: Plan, run_id: str = "run-1", *, on_record: bool = True, **other: Any
) -> RunHeader:
    parts: dict[str, Any] = {
        "run_id": run_id,
        "snapshot_id": "snap-1",
        "as_of": date(2026, 11, 2),
        "currency": "GBP",
        "budget_minor": 100_000,
        "inputs": {"engine": "1"},
        "plan": plan,
        "artefacts": save_tables(stores, {"catalogue": pa.table({"sku": ["LAMP-OAK-01"]})}),
        "now": NOW,
    }
    save_plan(stores, **(parts | other))
    if on_record:
        put_on_record(stores, run_id, NOW)
    return run_header(stores, run_id)
