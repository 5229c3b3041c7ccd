"""Sentences on the state of the data and what was corrected in it."""

from agent.statements.words import Words


def health(say: Words) -> str:
    if say.outcome in ("item", "item-as-recorded"):
        return _item(say)
    if say.outcome == "sound":
        return f"{_state(say)} I see nothing in the series that you should fix."
    first = (
        f"Fix first: {say('issue.1.what')}, {say.count('issue.1.series', 'series', 'series')} with "
        f"expected sales of {say('issue.1.stake')} in all over the next {say('issue.weeks')}. "
        f"{say('issue.1.fix')} Most of it is {say('issue.1.sku')} at {say('issue.1.location')}."
    )
    return f"{_state(say)} {first}"


def _state(say: Words) -> str:
    rows = say.count("data.quarantined", "row", "rows")
    undone = ""
    if say.number("data.reversed"):
        undone = _undone(say, "data.reversed")
    return (
        f"The data reach up to {say('data.as_of')}, {say('data.days_old')} ago. Corrections moved "
        f"{say('data.share')} of recorded demand; {rows} could not be used.{undone}"
    )


def _undone(say: Words, name: str) -> str:
    made = say.count(name, "correction is", "corrections are")
    return f" People have decided that {made} not to be made."


def _item(say: Words) -> str:
    item = f"{say('item.sku')} ({say('item.name')})"
    kept = ""
    if say.number("item.reversed"):
        kept = _undone(say, "item.reversed")
    if say.outcome == "item-as-recorded":
        return f"Nothing was corrected for {item}: demand is what was recorded.{kept}"
    periods = say.count("item.corrections", "period", "periods")
    way = "raised" if say.value("item.direction") == "up" else "lowered"
    return (
        f"I corrected {periods} of {item}, which {way} its demand by {say('item.change')} in all; "
        f"the table has each with its reason.{kept}"
    )


def kept(say: Words) -> str:
    where = f" at {say('kept.location')}" if say.has("kept.location") else ""
    kind = f" ({say('kept.kind')})" if say.has("kept.kind") else ""
    reason = f" Reason given: {say('kept.reason')}." if say.has("kept.reason") else ""
    return (
        f"From {say('kept.first')} to {say('kept.last')} the demand of {say('item.sku')} "
        f"({say('item.name')}){where} counts as it was recorded{kind}, from the next plan on."
        f"{reason} To take it back, withdraw decision {say('decision.number')}."
    )
