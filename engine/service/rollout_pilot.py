"""Days 46 to 75: orders for fast items under a fixed cap, by people with different rights."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.model.people import Right
from engine.service import budget, people
from engine.service.items import catalogue
from engine.service.past_budgets import total_caps
from engine.service.reading import RunHeader
from engine.service.rollout_check import Check, Step, check
from engine.service.stores import Stores
from engine.store.orders import sent_orders
from engine.store.tables.purchasing import purchase_orders

FAST = 30
LEAST_SENT = 5
NAME, FIRST, LAST = "replenishment pilot", 46, 75


def pilot(stores: Stores, run: RunHeader | None, now: datetime) -> Step:
    """A cap in force, someone who drafts and someone else who approves, orders sent within it."""
    with stores.database.read() as look:
        sent = len(sent_orders(look))
        drafted = look.execute(sa.select(sa.func.count()).select_from(purchase_orders)).scalar_one()
    caps = total_caps(stores)
    used = caps["committed_minor"] + caps["consumed_minor"]
    over = caps[used > caps["cap_minor"]]
    checks = (
        _rights(stores),
        _cap(stores, now),
        check("orders go out", f"{sent} sent of {drafted} drafted", f"at least {LEAST_SENT}: qm po "
              "draft, then approve in Slack or with qm approve", passes=sent >= LEAST_SENT),
        check("the cap holds", f"{len(over)} periods over", "see qm budget show: who went over, "
              "and why", passes=over.empty),
    )  # fmt: skip
    return Step(name=NAME, first_day=FIRST, last_day=LAST, checks=checks, facts=_fast(stores, run))


def _rights(stores: Stores) -> Check:
    name = "one drafts, another approves"
    try:
        with stores.database.read() as look:
            policy = people.policy_in_force(look)
    except NotAllowed as reason:
        return check(name, "no people file is in force", str(reason), passes=False)
    members = [(member.id, policy.rights_of(member.id)) for member in policy.members]
    drafts = {who for who, rights in members if Right.DRAFT in rights}
    approves = {who for who, _ in members if policy.highest_limit(who) is not None}
    pair = bool(drafts) and bool(approves) and len(drafts | approves) > 1
    return check(name, f"{len(drafts)} may draft, {len(approves)} may approve",
                 "the people file needs two people; qm policy example", passes=pair)  # fmt: skip


def _cap(stores: Stores, now: datetime) -> Check:
    found = [each for each in budget.current(stores, budget.day_that_counts(stores, now))
             if each.scope == "total"]  # fmt: skip
    told = ", ".join(each.period for each in found) or "none for this week or month"
    return check("a fixed cap", told, "qm budget propose total PERIOD AMOUNT, or a budgets table",
                 passes=bool(found))  # fmt: skip


def _fast(stores: Stores, run: RunHeader | None) -> dict[str, Any]:
    """The items to begin with: sold most, and sure of their forecast."""
    if run is None:
        return {"fast_items": []}
    rows = catalogue(stores, run)
    sure = rows[(rows["confidence"] != "low") & rows["supplier"].notna() & rows["stock_known"]]
    weekly = sure.groupby("sku")["mean_weekly_units"].sum()
    first = weekly.sort_index().sort_values(ascending=False, kind="stable")
    return {"fast_items": [str(sku) for sku in first.head(FAST).index]}
