"""Sentences on purchase orders. What state they are in is a fact, never our wording."""

from agent.statements.words import Words


def drafted(say: Words) -> str:
    if say.outcome == "nothing-to-draft":
        return "There is nothing to draft: the plan buys none of that."
    orders = say.count("draft.count", "purchase order", "purchase orders")
    under = say.other_plan()
    source = f"from the buys under {under}" if under else "from the plan"
    opening = f"{orders} {source}, at a total cost of {say('draft.total')}."
    parts = [opening]
    if say.outcome == "already-there":
        parts.append("They were there already, so nothing was added.")
    elif say.number("draft.again"):
        parts.append(f"{say('draft.again')} of them were there already.")
    return " ".join([*parts, *_held_back(say), *_waiting(say)])


def _held_back(say: Words) -> list[str]:
    if not say.number("draft.refused"):
        return []
    orders = say.count("draft.refused", "order is still a draft", "orders are still drafts")
    if say.has("over.takes"):
        return [
            (
                f"{orders}: the {say('over.scope')} budget of {say('over.period')} has "
                f"{say('over.left')} left, and {say('over.order')} takes {say('over.takes')}."
            )
        ]
    return [f"{orders}: {say('draft.refusal')}"]


def _waiting(say: Words) -> list[str]:
    if not say.number("orders.pending"):
        return []
    waiting = say.count("orders.pending", "order waits", "orders wait")
    who = f" {say('approvers')} may decide." if say.has("approvers") else ""
    return [f"{waiting} for approval.{who}"]


def proposed(say: Words) -> str:
    order = say("order.1.number")
    again = " It waited already." if say.outcome == "already-proposed" else ""
    return " ".join(
        [f"{order} is {say('order.1.state')}, at a total cost of {say('order.1.total')}.{again}",
         *_waiting(say)]
    )  # fmt: skip


def status(say: Words) -> str:
    if say.outcome == "none":
        return "There are no such purchase orders."
    if say.outcome == "one":
        return _one(say)
    if say.outcome == "changes":
        return _changed(say)
    if say.outcome in ("decided", "undecided"):
        return _decided(say)
    orders = say.count("orders.count", "purchase order", "purchase orders")
    return " ".join([f"{orders} in the list.", *_waiting(say)])


def _one(say: Words) -> str:
    sentences = [
        (
            f"{say('order.1.number')} to {say('order.1.supplier')} is {say('order.1.state')}: "
            f"{say.count('order.1.lines', 'line', 'lines')}, at a total cost of "
            f"{say('order.1.total')}, wanted by {say('order.1.wanted')}."
        )
    ]
    if say.has("budget.after"):
        sentences.append(
            f"Of the budget of {say('budget.period')}, {say('budget.before')} was left before it "
            f"and {say('budget.after')} after."
        )
    return " ".join([*sentences, *_waiting(say)])


def revised(say: Words) -> str:
    order = f"{say('order.1.number')} is {say('order.1.state')}"
    if say.outcome == "cancelled":
        return f"{order}, and what it held of the budget is free again."
    if say.outcome == "unchanged":
        return f"{order}, and it is that way already."
    parts = [_changed(say)]
    if say.outcome == "amended":
        parts.append("The supplier has it as it was until people decide for the amendment.")
    elif say.has("revise.refusal"):
        parts.append(f"It was not put forward: {say('revise.refusal')}")
    return " ".join([*parts, *_waiting(say)])


def _changed(say: Words) -> str:
    """Always with the state of the order: what is said of one without it could be mistaken."""
    order = f"{say('order.1.number')} is {say('order.1.state')}"
    if not say.number("change.count"):
        return f"{order}, with every line as it was at revision {say('change.from')}."
    lines = say.count("change.count", "line is another", "lines are others")
    return (
        f"{order}: {lines} than at revision {say('change.from')}, and the total goes from "
        f"{say('change.total_before')} to {say('change.total_after')}."
    )


def _decided(say: Words) -> str:
    order = f"{say('order.1.number')} is {say('order.1.state')}"
    if say.outcome == "undecided":
        return " ".join([f"{order}, and nobody has decided on it.", *_waiting(say)])
    return (
        f"{order}. On {say('decision.1.on')} {say('decision.1.who')} said {say('decision.1.said')}."
    )
