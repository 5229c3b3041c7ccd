"""Sentences on exceptions, items, key figures, sources and help."""

from agent.statements.words import Words


def exceptions(say: Words) -> str:
    if say.outcome == "none":
        return f"Nothing needs you: no exception is open in the current plan.{_asleep(say)}"
    if say.outcome == "none-snoozed":
        return "Nobody has put an exception off."
    if say.outcome == "snoozed":
        return f"{say.count('exceptions.snoozed', 'exception waits', 'exceptions wait')}, below."
    needs = say.count("exceptions.count", "thing needs you", "things need you")
    flows = say.count("exceptions.flowing", "line flows", "lines flow")
    return (
        f"{needs}, {flows} without you. New since the plan before: {say('exceptions.new')}, "
        f"resolved: {say('exceptions.resolved')}. At stake: {say('exceptions.stake')}."
        f"{_asleep(say)}"
    )


def _asleep(say: Words) -> str:
    if say.number("exceptions.snoozed") == 0:
        return ""
    return f" Put off by people: {say('exceptions.snoozed')}."


def snoozed(say: Words) -> str:
    """The state is a fact; the words only say what it means."""
    what = f" of {say('meant.about')}" if say.has("meant.about") else ""
    count = say.count("meant.count", "exception", "exceptions")
    if say.outcome == "woken":
        return f"{count}{what}: {say('snooze.state')}, with {say('meant.stake')} at stake."
    ends = [f"on {say('snooze.until')}"] if say.has("snooze.until") else []
    if say.has("snooze.grows"):
        ends.append(f"when {say('snooze.grows')} more than now is at stake")
    return (
        f"{count}{what}: {say('snooze.state')}, with {say('meant.stake')} at stake. Back "
        f"{' or '.join(ends)}. Reason given: {say('snooze.reason')}."
    )


def assigned(say: Words) -> str:
    """Who looks after it now; what is at stake stays what it was."""
    count = say.count("meant.count", "exception", "exceptions")
    what = f"{count} of {say('meant.about')}, with {say('meant.stake')} at stake"
    if say.outcome == "released":
        return f"Nobody looks after {what} any more."
    due = f", with a reminder on {say('assign.due')}" if say.has("assign.due") else ""
    note = f" Said with it: {say('assign.note')}." if say.has("assign.note") else ""
    if say.outcome == "own":
        return f"You look after {what}{due}.{note}"
    return f"{say('assign.owner')} looks after {what}{due}, and is told.{note}"


def items(say: Words) -> str:
    if say.outcome == "none":
        return f"I found no item like {_looked_for(say)}. Try its code, or a word of its name."
    if say.outcome == "nearest":
        return f"I know no item like {_looked_for(say)}. The nearest are below: which is meant?"
    if say.outcome == "several":
        return "Which one do you mean? Say its code, or its place in the list."
    return (
        f"{say('item.sku')} ({say('item.name')}): {say('item.on_hand')} on hand, "
        f"{say('item.inbound')} inbound, about {say('item.weekly')} a week expected. Selling "
        f"price {say('item.price')}, unit cost {say('item.cost')}."
    )


def _looked_for(say: Words) -> str:
    return f"“{say('find.text')}”" if say.has("find.text") else "that"


def kpis(say: Words) -> str:
    parts = [
        f"{say(f'kpi.{n}.name')} {say(f'kpi.{n}.value')}"
        for n in range(1, 9)
        if say.has(f"kpi.{n}.value")
    ]
    listed = "; ".join(parts) if parts else "there was nothing to measure"
    if not (say.has("kpi.first") and say.has("kpi.last")):
        return f"In the time asked for: {listed}."
    return f"From {say('kpi.first')} to {say('kpi.last')}: {listed}."


def replay(say: Words) -> str:
    if say.outcome == "nothing-wanted":
        return f"Nobody wanted anything from {say('replay.first')} to {say('replay.last')}."
    if say.outcome == "asked":
        return (
            "Nothing of that length has been replayed yet, and it takes some minutes. Ask me again "
            "after that."
        )
    if say.outcome == "stored":
        return _long_replay(say)
    return (
        f"Replayed from {say('replay.first')} to {say('replay.last')}: our plan fills "
        f"{say('replay.ours.fill')} and misses {say('replay.ours.loss')} of margin; what was done "
        f"filled {say('replay.history.fill')} and missed {say('replay.history.loss')}."
    )


def _long_replay(say: Words) -> str:
    """Ours first, then each rival with what our plan would have saved."""
    told = (
        f"Replayed from {say('replay.first')} to {say('replay.last')}: our plan fills "
        f"{say('replay.ours.fill')} and misses {say('replay.ours.loss')} of margin with "
        f"{say('replay.ours.stock')} of stock on average."
    )
    rivals = [name for name in _RIVALS if say.has(f"replay.{name}.policy")]
    return " ".join([told, *(_rival(say, name) for name in rivals)])


_RIVALS = ("history", *(f"rule{number}" for number in range(1, 9)))


def _rival(say: Words, name: str) -> str:
    who = f"replay.{name}"
    return (
        f"With {say(f'{who}.policy')} it was {say(f'{who}.fill')} filled, "
        f"{say(f'{who}.loss')} missed, {say(f'{who}.stock')} of stock."
    )


def sources(say: Words) -> str:
    if say.outcome == "none":
        return "Nothing in this conversation has a figure yet; ask something first."
    run = f"plan run {say('source.run')} on data snapshot {say('source.snapshot')}"
    if say.outcome == "older":
        return (
            f"Those figures come from {run}. The plan was run again since: ask again for figures "
            "of the current one."
        )
    figures = say.count("source.count", "figure", "figures")
    return (
        f"The last answer rests on {run}, which is current: {figures}, listed below with where "
        "each comes from."
    )


def help_(say: Words) -> str:
    if say.outcome == "greeting":
        return "Hello. I plan purchasing with you: ask what to buy, why, and what it costs."
    if say.outcome == "not-understood":
        return (
            "I did not understand that. I answer questions on buying, stock, forecasts, orders and "
            "budgets, in English; here is how to ask."
        )
    if say.outcome == "cannot":
        return "That is beyond what I can do. Here is what you can ask."
    return (
        "I rank what to buy inside a budget, explain every quantity and forecast, draft purchase "
        "orders and follow them. People approve; I cannot."
    )
