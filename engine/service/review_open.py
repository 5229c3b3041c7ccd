"""The sections of a review that look ahead: data to mend, decisions that wait, actions."""

from datetime import datetime

from engine.model.automation import Automation
from engine.model.review import ReviewSection
from engine.service import approve, budget, outbox
from engine.service.company import local_day
from engine.service.data_health import data_health
from engine.service.reading import RunHeader
from engine.service.review_actions import actions
from engine.service.review_parts import MOST_ROWS, row
from engine.service.stores import Stores
from engine.service.tiers import proposals


def data_to_mend(stores: Stores, run: RunHeader, now: datetime) -> ReviewSection:
    found = data_health(stores, run, now).issues[:MOST_ROWS]
    return ReviewSection(
        name="data health",
        title="Data health",
        says="Doubts about the data, those with the most sales behind them first, and what mends "
        "them.",
        columns=("Doubt", "Series", "Sales behind it", "For example", "What to do"),
        rows=tuple(
            row((each.code.replace("-", " "), "text"), (each.series, "count"),
                (each.at_stake_minor, "money"), (f"{each.sku} at {each.location}", "text"),
                (each.fix, "text"))
            for each in found
        ),
        empty="Nothing in the data is in doubt.",
    )  # fmt: skip


def open_decisions(stores: Stores, now: datetime) -> ReviewSection:
    """Orders and budgets that wait for somebody, and messages whose fate nobody knows."""
    rows = [
        row((f"Order {card.number}", "text"), (card.requester, "text"),
            (card.requested_at.date(), "date"), (card.judged_minor, "money"),
            (", ".join(card.who_may) or "nobody", "text"))
        for card in approve.pending(stores, now=now)
    ]  # fmt: skip
    rows += [
        row((f"Budget {each.scope}, {each.period}", "text"), (each.requested_by, "text"),
            (None, "date"), (each.cap_minor, "money"), ("whoever may set budgets", "text"))
        for each in budget.pending(stores, now)
    ]  # fmt: skip
    rows += [
        row((f"Automation {each.direction}, proposal {each.id}", "text"), ("the engine", "text"),
            (each.at.date(), "date"), (_limit(each.after), "money"),
            ("whoever may set budgets: qm learn tiers", "text"))
        for each in proposals(stores) if each.state == "pending"
    ]  # fmt: skip
    rows += [
        row((f"Message {each.key}", "text"), ("the sender", "text"), (None, "date"),
            (None, "money"), ("whoever may draft: qm outbox", "text"))
        for each in outbox.needs_person(stores.database)
    ]  # fmt: skip
    return ReviewSection(
        name="open decisions",
        title="Open decisions",
        says="What waits for a person today.",
        columns=("What", "Asked by", "Since", "Amount", "Who may decide"),
        rows=tuple(rows),
        empty="Nothing waits for a decision.",
    )


def _limit(automation: Automation) -> int | None:
    """Up to what lines would go on without a person."""
    return next((rule.up_to_minor for rule in automation.rules if rule.tier != "wait"), None)


def carried_actions(stores: Stores, now: datetime, since: datetime | None) -> ReviewSection:
    """Open actions, whenever they were taken, and those that ended since the last review."""
    with stores.database.read() as look:
        today = local_day(look, now)
    return ReviewSection(
        name="actions",
        title="Actions",
        says="Taken in this review or carried over from earlier ones, and what has ended since the "
        "last.",
        columns=("No.", "What", "Owner", "Due", "State", "Taken in", "What came of it"),
        rows=tuple(
            row((each.id, "count"), (each.text, "text"), (each.owner, "text"), (each.due, "date"),
                ("overdue" if each.is_overdue(today) else each.state, "text"),
                (each.month, "text"), (each.outcome or "", "text"))
            for each in actions(stores, since=since)
        ),
        empty="No action is open.",
    )  # fmt: skip
