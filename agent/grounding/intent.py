"""A writing tool is called only where the person's own message asks for something to be done.

Text in the data can tell a model to cancel an order or to draft everything; it cannot make the
person's message ask for it. The check is coarse on purpose: it tells looking from doing.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz.distance import OSA

from agent.grounding.language import words_of
from agent.grounding.provenance import Provenance
from engine.errors import InvalidInput

# Words that only look, when they begin a message: what they are about is not being asked for.
_LOOKING = re.compile(
    r"\s*(?:what|why|how|which|when|where|who|whose|is|are|was|were|did|does|do|has|have|had|show"
    r"|list|tell|explain|thanks?|thank)\b"
)
_AGREEING = re.compile(
    r"\s*(?:yes|yep|yeah|ok|okay|sure|agreed|fine|proceed|confirm(?:ed)?|please do"
    r"|go(?: ahead| on| for)?|do (?:it|that|so|both|all|them|this)|ja|oui|s[ií]|tak)\b"
)
_QUESTION = re.compile(r"\b(?:what|why|how|which|when|where|who)\b")
LONGEST_AGREEMENT = 6  # words
SHORTEST_WITH_SLIP = 5  # letters of a word in which one may be wrong


def require_asked(tool: str, source: Provenance) -> None:
    """Raise InvalidInput unless the message asks for this kind of deed, or agrees to ours."""
    if source.waiting or _agrees(source.text):
        return
    looks = _LOOKING.match(source.text.casefold()) is not None
    deeds = _deeds()
    wanted = deeds["always"][tool] | (frozenset() if looks else deeds["not_when_looking"][tool])
    said = words_of(source.text)
    if any(_is_meant(word, wanted) for word in said) or (not looks and _in_others(said)):
        return
    raise InvalidInput(
        f"{tool} changes something, and the person's message does not ask for that. Answer what "
        "was asked, and say what could be done."
    )


def _agrees(text: str) -> bool:
    """`Yes please`, `do it`, `go ahead`: agreement with what was offered a moment ago."""
    said = text.casefold()
    return (
        _AGREEING.match(said) is not None
        and _QUESTION.search(said) is None
        and len(words_of(text)) <= LONGEST_AGREEMENT
    )


def _is_meant(word: str, wanted: frozenset[str]) -> bool:
    """Begins with one of the stems, or is one slip away from a longer one."""
    if any(word.startswith(stem) for stem in wanted):
        return True
    return len(word) >= SHORTEST_WITH_SLIP and any(
        OSA.distance(word, stem, score_cutoff=1) <= 1
        for stem in wanted
        if len(stem) >= SHORTEST_WITH_SLIP
    )


def _in_others(said: list[str]) -> bool:
    """A request in another language than English; which deed it is, the model has read."""
    return any(word.startswith(tuple(_read()["other_languages"].split())) for word in said)


@cache
def _deeds() -> Mapping[str, Mapping[str, frozenset[str]]]:
    return {
        when: {tool: frozenset(stems.split()) for tool, stems in _read()[when].items()}
        for when in ("always", "not_when_looking")
    }


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load(files("agent.grounding").joinpath("deeds.yaml").read_text("utf-8"))
