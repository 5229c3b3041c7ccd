"""Sentences on why a quantity is what it is."""

from agent.statements.words import Words


def order(say: Words) -> str:
    under = say.other_plan()
    lead = f"This answer is for the buys under {under}. " if under else ""
    return f"{lead}{_quantity(say)}"


def _quantity(say: Words) -> str:
    if say.outcome == "not-needed":
        return _not_needed(say)
    if say.outcome == "cut":
        return _cut(say)
    if say.outcome == "not-worth":
        return _not_worth(say)
    item = f"{say('item.sku')} ({say('item.name')})"
    opening = f"The plan orders {say('order.units')} of {item} for {say('order.location')}"
    runs_out = _runs_out(say)
    reason = f" {say('order.reason')}" if say.value("order.reason") else ""
    body = (
        f"{opening}, at a cost of {say('order.cost')}.{runs_out} Demand of {say('order.demand')} "
        f"is expected until the next order can arrive, in {say('order.protection')}; without it "
        f"you would expect to lose {say('order.loss')} of margin.{reason}"
    )
    return f"{body}{_landed(say)}{_source(say)}{_comparison(say)}"


def _landed(say: Words) -> str:
    if not say.has("order.landed"):
        return ""
    return (
        f" With {say('order.freight')} of freight, {say('order.duty')} of duty and "
        f"{say('order.charges')} of charges it lands at {say('order.landed')}."
    )


def _source(say: Words) -> str:
    if not say.has("order.alternative"):
        return ""
    return (
        f" It is bought from {say('order.supplier')}, before {say('order.alternative')}: "
        f"{say('order.source_why')}"
    )


def _runs_out(say: Words) -> str:
    if not say.has("order.runs_out"):
        return ""
    return f" It runs out in {say('order.runs_out')} without the order."


def _comparison(say: Words) -> str:
    if say.outcome in ("explained", "same-quantity"):
        return f" The steps below add up to the order, to the unit.{_why_not_more(say)}"
    yours = f" Your {say('instead.units')}"
    if say.outcome == "not-whole-packs":
        return (
            f"{yours} would not be whole packs: the case pack is {say('order.pack')}, so "
            f"{say('instead.below')} or {say('instead.above')} could be ordered."
        )
    if say.outcome == "fewer-than-planned":
        return (
            f"{yours} would be {say('instead.difference')} short of what the steps below add up "
            f"to.{_gain(say)}"
        )
    above = f"{yours} would be {say('instead.difference')} above what the steps below add up to"
    return f"{above}.{_gain(say)}{_why_not_more(say)}" if say.has("more.why") else f"{above}."


def _gain(say: Words) -> str:
    """What the quantity named would earn against the plan's; silent where it was not weighed."""
    if not say.has("instead.gain"):
        return ""
    gain, way = say("instead.gain"), say("instead.direction")
    return f" Expected profit would be {gain} {way}."


def _why_not_more(say: Words) -> str:
    """The engine's own sentence, and the price of the budget where that is what stands against it.

    What is missing is told with it, where a limit keeps some of it out.
    """
    if not say.has("more.why"):
        return ""
    missing = (
        f" {say('order.missing')} more are kept out by: {say('order.cause')}."
        if say.has("order.cause") and say.number("order.missing") > 0
        else ""
    )
    return f" {say('more.why')}{missing}"


def _not_needed(say: Words) -> str:
    item = f"{say('item.sku')} ({say('item.name')})"
    if say.has("stock.refused"):
        return f"The plan orders none of {item} for {say('order.location')}. {say('stock.refused')}"
    parts = [
        (
            f"The plan orders none of {item} for {say('order.location')}: there are "
            f"{say('stock.on_hand')} on hand"
        )
    ]
    if say.has("stock.inbound"):
        parts.append(
            f" and {say('stock.inbound')} inbound, against an expected demand of "
            f"{say('stock.demand')} until the next order can arrive, in {say('stock.protection')}"
        )
    return "".join(parts) + "."


def _not_worth(say: Words) -> str:
    return (
        f"The plan orders none of {say('item.sku')} ({say('item.name')}) for "
        f"{say('order.location')}: {say('stock.need')} would be of use, the least that can be "
        f"ordered is {say('stock.least')}, and that does not pay now.{_why_not_more(say)}"
    )


def _cut(say: Words) -> str:
    item = f"{say('item.sku')} ({say('item.name')})"
    reason = f" {say('cut.reason')}" if say.value("cut.reason") else ""
    return (
        f"The plan would order {say('cut.units')} of {item} for {say('order.location')}, but the "
        f"budget cuts it: an expected loss of {say('cut.loss')} against a cost of "
        f"{say('cut.cost')}.{reason}"
    )
