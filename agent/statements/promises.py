"""Sentences on what is coming, what customers can be promised, and who waits."""

from agent.statements.words import Words


def arrivals(say: Words) -> str:
    promised = _promised(say)
    if say.outcome == "none":
        nothing = "Nothing is coming for that: no open order line is out with a supplier."
        return f"{nothing} {promised}".strip()
    lines = say.count("eta.count", "open order line is", "open order lines are")
    late = f" {say('eta.late')} of them late." if say.number("eta.late") else ""
    first = (
        f" The soonest, {say('eta.1.po')} with {say('eta.1.units')} of {say('eta.1.sku')}, should "
        f"arrive {say('eta.1.window')}, with a chance of {say('eta.level')}."
    )
    return f"{lines} out with suppliers.{late}{first} {promised}".strip()


def _promised(say: Words) -> str:
    """What a new customer hears, from the best place."""
    if not say.has("promise.1.basis"):
        return ""
    place = say("promise.1.location")
    if say.value("promise.1.basis") == "in stock":
        return f"A new customer can have it from stock at {place}."
    if not say.has("promise.1.window"):
        return "A new customer can be promised no date."
    window = say("promise.1.window")
    if say.value("promise.1.basis") == "on order":
        return f"A new customer can be promised {window} from {place}, behind those who wait."
    return f"A new customer can only be promised {window} from {place}: it is not ordered yet."


def backorders(say: Words) -> str:
    if say.outcome == "never":
        return "Nothing has been promised to customers yet; a running worker does it."
    if say.outcome == "none":
        return "No customer waits for that."
    lines = say.count("wait.count", "order line waits", "order lines wait")
    parts = [f"{lines} for {say('wait.units')}; {say('wait.held')} are set aside for them."]
    if say.number("wait.risk"):
        parts.append(f"At risk of slipping: {say('wait.risk')}.")
    if say.number("wait.open"):
        parts.append(f"Without a window: {say('wait.open')}.")
    if say.number("wait.messages"):
        told = say.count("wait.messages", "customer is", "customers are")
        parts.append(f"{told} to be told of a moved window.")
    return " ".join(parts)
