"""The people of the planned company, each with a place to talk, and orders that wait for them."""

from dataclasses import replace
from pathlib import Path

from agent.clock import SystemClock
from engine.service import people
from engine.service.approval_card import ApprovalCard
from engine.service.policy_file import parse_policy
from engine.service.stores import AuditSeal
from evals.bench_plan.prepare import stores_in
from evals.orders.world import ask, policy_text

KEY = "a key for measuring only"
TEAM, CARDS = "T1", "C0CARDS"


def people_and_orders(home: Path, orders: int, askers: int) -> list[ApprovalCard]:
    """`askers` managers ask questions, one more presses buttons; all orders wait for approval."""
    bare = stores_in(home)
    stores = replace(bare, seal=AuditSeal(key=KEY.encode(), anchor=str(home / "anchor")))
    text = policy_text(managers=askers + 1, team=TEAM)
    now = SystemClock().now()
    people.sync(stores, parse_policy(text, "made up"), now=now)
    cards = [ask(stores, number, now=now) for number in range(orders)]
    stores.database.close()
    return cards
