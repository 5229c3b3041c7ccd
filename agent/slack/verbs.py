"""`/qm` and a word: what it stands for. Anything else after `/qm` is a question like any other."""

from collections.abc import Mapping

from agent.slack.incoming import STOP_VERB

QUESTIONS: Mapping[str, str] = {
    "buy": "What should I buy this week?",
    "attention": "What needs me?",
    "approvals": "Which orders wait for approval?",
    "orders": "Which orders are open?",
    "budget": "How much budget is left?",
    "suppliers": "How reliable are my suppliers?",
    "data": "How is the data?",
}
HELP, DIGEST = "help", "digest"
_TOLD: Mapping[str, str] = {
    **QUESTIONS,
    f"{DIGEST} [name]": "the digest now, for you alone; with a name, that digest's scope",
    STOP_VERB: "stop what I am working on for you",
}


def question_of(text: str) -> str:
    """The question that a verb stands for; any other text is one itself."""
    return QUESTIONS.get(text.strip().casefold(), text)


def digest_wanted(text: str) -> str | None:
    """The name of the digest that is asked for, "" for all of it; None when none is."""
    verb, _, name = text.strip().partition(" ")
    return name.strip() if verb.casefold() == DIGEST else None


def is_help(text: str) -> bool:
    return text.strip().casefold() in ("", HELP, "?")


def help_sentences() -> tuple[str, ...]:
    """A line for each verb."""
    return tuple(f"/qm {verb}: {meaning}" for verb, meaning in _TOLD.items())
