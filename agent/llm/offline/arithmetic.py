"""Figures set against each other: what things cost together, how much more, which share."""

import re
from typing import Any, Literal

from agent.llm.offline import asides
from agent.llm.offline.pointing import pointed
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply, Step

Operation = Literal["sum", "difference", "share", "ratio"]
_OPERATIONS: tuple[tuple[re.Pattern[str], Operation], ...] = (
    (re.compile(r"\b(?:shares?|proportion|per(?:centage| ?cent)|fraction|part|how much) of\b"),
     "share"),
    (re.compile(r"\b(?:ratio|times (?:as|more)|how many times)\b"), "ratio"),
    (re.compile(r"\b(?:than|differ\w*|apart|versus|vs|gap|cheaper|dearer)\b"), "difference"),
    (re.compile(r"."), "sum"),
)  # fmt: skip
_LOSS = re.compile(r"\b(?:los[es]\w*|loss|at (?:stake|risk)|margin)\b")
MOST_THINGS = 6


def ask(reading: Reading, question: Question) -> Reply:
    """First the buys of each thing by themselves; the arithmetic follows on what they say."""
    things = _things(reading, question)
    operation = _operation(reading)
    if operation == "share" and len(things) == 1:
        things = [*things, {}]
    if len(things) < 2 or len(things) > MOST_THINGS:  # noqa: PLR2004  arithmetic has two sides
        return Reply(draft=asides.COMPUTE_WHAT)
    return Reply(calls=tuple(Call(tool="rank_buys", arguments=each) for each in things))


def follow(reading: Reading, question: Question) -> Reply | None:
    """The computation, once what it is of was looked up; None when it is done or cannot be."""
    steps = question.steps
    if any(step.call.tool == "compute" for step in steps) or len(steps) < 2:  # noqa: PLR2004  as above
        return None
    name = "buys.loss" if _LOSS.search(reading.plain) else "buys.cost"
    ids = [f"{step.prefix}{name}" for step in steps if _has(step, name)]
    operation = _operation(reading)
    wanted = ids if operation == "sum" else ids[:2]
    if len(ids) < len(steps):
        return None
    given: dict[str, Any] = {"operation": operation, "facts": wanted}
    return Reply(calls=(Call(tool="compute", arguments=given),))


def _has(step: Step, name: str) -> bool:
    return step.result is not None and any(
        fact.id == f"{step.prefix}{name}" for fact in step.result.facts
    )


def _operation(reading: Reading) -> Operation:
    return next(operation for words, operation in _OPERATIONS if words.search(reading.plain))


def _things(reading: Reading, question: Question) -> list[dict[str, Any]]:
    """Items, lines of the list, suppliers or places that are named, each as a narrowed list."""
    listed, at = question.memory.listed, pointed(reading)
    places = at.within(len(listed)) if at is not None and not reading.items else None
    skus = [*reading.items, *(listed[place] for place in places or ())]
    found: list[dict[str, Any]] = [{"sku": sku} for sku in dict.fromkeys(skus)]
    found += [{"supplier": each} for each in reading.suppliers]
    found += [{"location": each} for each in reading.places]
    if reading.category is not None:
        found.append({"category": reading.category})
    spoken_of = question.memory.item
    if len(found) == 1 and spoken_of is not None and spoken_of not in skus and "sku" in found[0]:
        found.append({"sku": spoken_of})
    return found
