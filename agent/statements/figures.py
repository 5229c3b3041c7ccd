"""Sentences on figures that were derived from others; the table below says from which."""

from agent.statements.words import Words


def computed(say: Words) -> str:
    value = say("compute.value")
    told = {
        "sum": f"Together that is {value}.",
        "share": f"The upper of the figures below is {value} of the lower.",
        "ratio": f"The upper of the figures below, divided by the lower, is {value}.",
        "more": f"The upper of the figures below is {value} more than the lower.",
        "less": f"The upper of the figures below is {value} less than the lower.",
        "equal": "Both figures below are the same.",
    }.get(say.outcome, f"That comes to {value}.")
    mixed = " They are of different plans." if say.number("compute.runs") > 1 else ""
    return f"{told}{mixed}"
