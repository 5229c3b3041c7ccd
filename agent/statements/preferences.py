"""Sentences on what a person's answers are narrowed to."""

from agent.statements.words import Words


def changed(say: Words) -> str:
    if say.outcome == "cleared":
        return f"I no longer narrow your answers to a {say('preference.name')}."
    return (
        f"From now on your answers start with {say('preference.value')}. It changes what is shown, "
        "not what is planned; name something else, or say everywhere, to see more."
    )


def held(say: Words) -> str:
    if say.outcome == "none":
        return "Your answers are not narrowed to anything. Name a default place or category."
    return "Your answers are narrowed as below, unless you name something else or say everywhere."
