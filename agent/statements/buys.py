"""Sentences on what to buy and what a budget does."""

from agent.statements.words import Words


def buys(say: Words) -> str:
    if say.outcome == "nothing-to-buy":
        return "There is nothing worth buying for that: stock and inbound orders cover the demand."
    if say.outcome in ("nothing-affordable", "all-cut"):
        return " ".join([_nothing_fits(say), *_cuts(say), *_cap(say)])
    lines = say.count("buys.count", "line is", "lines are")
    under = f"Under {say.other_plan()}: " if say.has("plan.other") else ""
    of = f"{under}{_narrowed(say)}{lines}"
    sentences = [
        f"{of} worth buying, at a cost of {say('buys.cost')}{_inside(say)}.",
        f"Without them you would expect to lose {say('buys.loss')} of margin.",
        *_cuts(say),
        *_cap(say),
        *_transfers(say),
    ]
    return " ".join(sentences)


def _narrowed(say: Words) -> str:
    """What the list is of, so that nobody takes a part for the whole."""
    if say.has("buys.place"):
        return f"For {say('buys.place')}: "
    return f"In {say('buys.category')}: " if say.has("buys.category") else ""


def _inside(say: Words) -> str:
    if say.has("plan.other"):
        return ""
    if not say.has("buys.budget"):
        return ", with no budget set"
    return f" inside the budget of {say('buys.budget')}"


def _nothing_fits(say: Words) -> str:
    budget = f"budget of {say('buys.budget')}" if say.has("buys.budget") else "budget"
    if say.has("plan.other"):
        budget += " (not the plan in force)"
    if say.outcome == "all-cut":
        return f"The plan buys none of that: the {budget} goes to what earns more."
    return f"The {budget} buys no whole pack of anything worth buying."


def _cuts(say: Words) -> list[str]:
    if say.number("buys.cut_count") == 0:
        return ["Nothing was cut for the budget."] if say.has("buys.budget") else []
    cuts = say.count("buys.cut_count", "line", "lines")
    return [f"The budget cuts {cuts}, an expected loss of {say('buys.cut_loss')}."]


def _cap(say: Words) -> list[str]:
    if not say.has("cap.next") or say.number("cap.next") <= 0:
        return []
    return [
        (
            f"The next {say('cap.step')} of budget would earn {say('cap.next')} "
            f"(shadow price {say('cap.dual')})."
        )
    ]


def _transfers(say: Words) -> list[str]:
    if say.number("buys.transfers") == 0:
        return []
    moves = say.count("buys.transfers", "transfer", "transfers")
    return [f"Before buying, move stock: {moves} between locations."]


def what_if(say: Words) -> str:
    if say.outcome == "supposed":
        return _supposed(say)
    direction = say.value("if.direction")
    if direction == "unchanged":
        return "The plan would not change: the budget does not bind there."
    budget = f"With a budget of {say('then.budget')}" if say.has("then.budget") else "Then"
    return (
        f"{budget} the plan has {say.count('then.lines', 'line', 'lines')} at a cost of "
        f"{say('then.cost')}. Expected profit is {say('if.change')} {say('if.direction')} than "
        f"{_compared(say)}, and what the budget cuts loses {say('then.cut_loss')}."
    )


def _supposed(say: Words) -> str:
    """A world that is another, what it does to the plan, and what it costs."""
    opening = f"Suppose {' and '.join(_suppositions(say))}."
    if say.number("if.changed") == 0:
        quantities = "No line of the plan would change"
    else:
        lines = say.count("if.changed", "line", "lines")
        cash = _moved(say, "if.cash", "if.cash_direction", "the same cash", "of cash")
        quantities = f"{lines} of the plan would change, with {cash}"
    against = " It is compared with what you supposed before." if say.has("plan.other") else ""
    return f"{opening} {quantities}.{_in_all(say)}{against} Nothing is put in force by it."


def _in_all(say: Words) -> str:
    """The profit of the world supposed: what plans gain over buying nothing is no measure of it."""
    if not say.has("if.net"):
        return ""
    moved = _moved(say, "if.net", "if.net_direction", "the same profit", "profit")
    return (
        f" All told you would expect {moved}: {say('then.lost')} is lost before any order can "
        f"arrive, now {say('now.lost')}."
    )


def _suppositions(say: Words) -> list[str]:
    told: list[str] = []
    if say.has("then.budget") and say.value("then.budget") != say.value("now.budget"):
        told.append(f"the budget were {say('then.budget')}")
    if say.has("if.days"):
        told.append(f"{say('if.supplier')} took {say('if.days')} {say('if.way')}")
    if say.has("if.spread"):
        told.append(f"its lead times spread {say('if.spread')} as much as now")
    if say.has("if.service"):
        which = f" of {say('if.objective')}" if say.has("if.objective") else ""
        told.append(f"you aimed at {say('if.service')}{which}")
    elif say.has("if.objective"):
        told.append(f"you aimed at {say('if.objective')}")
    whose = f" of {say('if.sku')}" if say.has("if.sku") else (
        f" of {say('if.supplier')}" if say.has("if.supplier") else "")  # fmt: skip
    if say.has("if.minimum"):
        told.append(f"the minimum{whose} were {say('if.minimum')}")
    if say.has("if.price"):
        told.append(f"the price{whose} were {say('if.price')}")
    if say.has("if.no_break"):
        told.append(f"the price break{whose} at {say('if.no_break')} were gone")
    return told


def _moved(say: Words, amount: str, way: str, same: str, what: str) -> str:
    if say.value(way) == "unchanged":
        return same
    return f"{say(amount)} {'more' if say.value(way) == 'higher' else 'less'} {what}"


def _compared(say: Words) -> str:
    under = say.other_plan()
    return f"under {under}" if under else "in the plan as it is"


def transfers(say: Words) -> str:
    if say.outcome == "none":
        return "The plan proposes no transfers: no location has stock to spare for another."
    moves = say.count("transfers.count", "transfer comes", "transfers come")
    return f"{moves} before buying, with an expected gain of {say('transfers.value')}."


def budget(say: Words) -> str:
    if say.outcome == "none":
        return "No budget is set for this week or month, so nothing is capped."
    if say.outcome == "plan-only":
        return f"The plan was made for a budget of {say('budget.plan')}; none is set beside it."
    return f"{say.count('budget.count', 'budget is', 'budgets are')} in force."


def budget_curve(say: Words) -> str:
    """What the budget leaves out; the picture and the tables say the rest."""
    if say.outcome == "nothing-pays":
        return "No budget would bring anything: nothing that could be bought pays for itself."
    under = f"Under {say.other_plan()}, the" if say.has("plan.other") else "The"
    spent, value = say("curve.now_spent"), say("curve.now_value")
    plan = f"{under} plan spends {spent} for an expected profit of {value}."
    if say.outcome == "enough":
        return f"{plan} More budget would buy nothing that pays."
    return (
        f"{plan} Everything that pays costs {say('curve.most')} and would bring "
        f"{say('curve.most_value')}: the budget leaves out {say('curve.missed')} of profit."
    )


def set_budget(say: Words) -> str:
    """A proposal with its consequence. "Proposed" is what the state fact says."""
    opening = (
        f"The {say('budget.scope')} budget of {say('budget.period')} would be {say('budget.cap')}"
    )
    before = f", from {say('budget.before')} before" if say.has("budget.before") else ""
    return " ".join(
        [f"{opening}{before}.", *_consequence(say), ("It takes effect when somebody entitled "
         "confirms it.")]
    )  # fmt: skip


def _consequence(say: Words) -> list[str]:
    if not say.has("budget.lines_after"):
        return []
    change = (
        "with the same expected profit"
        if say.value("budget.direction") == "unchanged"
        else f"and expected profit {say('budget.value_change')} {say('budget.direction')}"
    )
    return [
        *_committed(say),
        (
            f"The plan would have {say.count('budget.lines_after', 'line', 'lines')} in place of "
            f"{say('budget.lines_before')}, {change}."
        ),
    ]


def _committed(say: Words) -> list[str]:
    if say.has("budget.over"):
        return [
            (
                f"Committed so far: {say('budget.committed')}; that exceeds it by "
                f"{say('budget.over')}, so nothing would be left to buy with."
            )
        ]
    if not say.number("budget.committed"):
        return []
    return [f"Committed so far: {say('budget.committed')}; left: {say('budget.left')}."]
