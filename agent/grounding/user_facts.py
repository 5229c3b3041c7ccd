"""The figures of a person's own message as facts, so that they can be echoed and go into writes."""

from agent.language.figures import figures
from tools.facts import Fact

PREFIX = "user."


def user_facts(text: str) -> tuple[Fact, ...]:
    """`user.1`, `user.2`, ... in the order they were written; values in whole units of money."""
    return tuple(
        Fact(
            id=f"{PREFIX}{number}",
            value=int(figure.value) if figure.value == int(figure.value) else float(figure.value),
            kind="count",
            label="figure from your message",
        )
        for number, figure in enumerate(figures(text), start=1)
    )
