"""Sentences on what people set and plan for demand, and on what it does."""

from agent.statements.words import Words

NEXT_PLAN = "It counts from the next plan on."


def override(say: Words) -> str:
    where = f" at {say('plan.location')}" if say.has("plan.location") else ""
    opening = f"The forecast of {_item(say)}{where} is now {_set_to(say)} {_when(say)}."
    review = (
        f" It has no end, so it is looked at again on {say('override.review')}."
        if say.has("override.review")
        else ""
    )
    reason = f" Reason given: {say('override.reason')}." if say.has("override.reason") else ""
    return f"{opening}{review}{reason} {_effect(say)}{_kept(say)}"


def _set_to(say: Words) -> str:
    if say.has("override.percent"):
        return f"{say('override.percent')} {say('override.direction')}"
    each = {"week": " a week", "day": " a day"}.get(str(say.value("override.per")), " in all")
    if say.has("override.units"):
        return f"set to {say('override.units')}{each}"
    return f"set to between {say('override.low')} and {say('override.high')}{each}"


def promotion(say: Words) -> str:
    depth = f" at {say('plan.depth')} off" if say.has("plan.depth") else ""
    channel = f" on the channel {say('plan.channel')}" if say.has("plan.channel") else ""
    opening = f"A promotion of {_subject(say)}{depth}{channel} is planned {_when(say)}."
    return f"{opening} {_effect(say)}{_kept(say)}"


def price(say: Words) -> str:
    return (
        f"The price of {_subject(say)} is planned to be {_price(say)} {_when(say)}. "
        f"{_effect(say)}{_kept(say)}"
    )


def launch(say: Words) -> str:
    """The item is named again after its analogue, or "it" would be the wrong one."""
    item = say("item.sku")
    like = f" like {say('launch.like')}" if say.has("launch.like") else ""
    weekly = (
        f" {item} is expected to sell {say('launch.weekly')} a week."
        if say.has("launch.weekly")
        else ""
    )
    return (
        f"The launch of {item} is planned for {say('launch.day')}.{weekly}"
        f"{f' It should sell{like}.' if like else ''} {NEXT_PLAN} To take this back, withdraw "
        f"decision {say('decision.number')}."
    )


def what_if(say: Words) -> str:
    """Nothing is stored by it, and the words say so."""
    if say.outcome == "outside":
        return f"The forecast does not reach that far: nothing can be said of it {_when(say)}."
    if say.has("plan.price"):
        opening = f"Suppose the price of {_subject(say)} were {_price(say)} {_when(say)}."
    else:
        depth = f" at {say('plan.depth')} off" if say.has("plan.depth") else ""
        opening = f"Suppose {_subject(say)} were on promotion{depth} {_when(say)}."
    if say.outcome == "no-change":
        return (
            f"{opening} The forecast stays as it is, at {say('effect.before')}: such a plan is in "
            "it, or nothing in the data says that it would move sales."
        )
    return f"{opening} {_effect(say)} Nothing is stored; say so if it should be added."


def withdrawn(say: Words) -> str:
    what = f" of {say('item.sku')}" if say.has("item.sku") else ""
    return (
        f"The {say('decision.kind')}{what}, decision {say('decision.number')}, no longer counts "
        "from the next plan on."
    )


def decisions(say: Words) -> str:
    if say.outcome == "none":
        return "Nobody has set or planned anything for demand that counts now."
    return (
        f"{say.count('decisions.count', 'decision is', 'decisions are')} listed below, the newest "
        "first. Any of them can be taken back by its number."
    )


def _price(say: Words) -> str:
    """A change is told with the price that it starts from."""
    if say.has("plan.price_now"):
        return f"{say('plan.price')} in place of {say('plan.price_now')}"
    return say("plan.price")


def _item(say: Words) -> str:
    return f"{say('item.sku')} ({say('item.name')})"


def _subject(say: Words) -> str:
    return _item(say) if say.has("item.sku") else say("plan.category")


def _when(say: Words) -> str:
    if say.has("plan.days"):
        return f"for {say('plan.days')}"
    return f"from {say('plan.start')} on" if say.has("plan.start") else "for the days below"


def _effect(say: Words) -> str:
    """Before and after, what follows, and what the rest of the family does."""
    if not say.has("effect.before"):
        return "It lies outside the forecast so far, so there is no effect to show yet."
    parts = [_change(say)]
    if say.has("effect.later"):
        later = f"{say('effect.later')} {say('effect.later_direction')}"
        parts.append(f"Sales on the other days should be {later}.")
    if say.has("siblings.change"):
        others = say.count("siblings.count", "other item", "other items")
        parts.append(
            f"It also moves {others}: they sell {say('siblings.change')} "
            f"{say('siblings.direction')}, so the family's total is {say('family.change')} "
            f"{say('family.direction')}."
        )
    return " ".join(parts)


def _change(say: Words) -> str:
    if say.value("effect.direction") == "unchanged":
        return f"Expected sales in that time stay at {say('effect.before')}."
    share = f" ({say('effect.share')})" if say.has("effect.share") else ""
    return (
        f"Expected sales in that time go from {say('effect.before')} to {say('effect.after')}, "
        f"{say('effect.change')}{share} {say('effect.direction')}."
    )


def _kept(say: Words) -> str:
    return f" {NEXT_PLAN} To take this back, withdraw decision {say('decision.number')}."
