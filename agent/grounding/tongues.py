"""The languages that a model may be allowed to answer in, and what each refuses of the others."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from agent.grounding.english import english
from agent.grounding.language import Language
from agent.grounding.lexicon import HOMOGRAPHS, read_language

CODES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da")


@cache
def language(code: str) -> Language:
    return english() if code == "en" else read_language(code)


def languages(codes: Sequence[str]) -> tuple[Language, ...]:
    return tuple(language(code) for code in codes)


def foreign_words(text: str, spoken: Sequence[Language]) -> Iterator[str]:
    """Figures, dates and statuses in languages that the text is not in.

    A number of one language may be an ordinary word of another: Danish "to", Spanish "once".
    """
    for code in CODES:
        other = language(code)
        if other in spoken:
            continue
        for match in other.foreign.finditer(text):
            if not _is_ordinary(match, spoken):
                yield match[0]


def _is_ordinary(match: re.Match[str], spoken: Sequence[Language]) -> bool:
    said = match[0].split()
    return all(word in HOMOGRAPHS or any(each.is_common(word) for each in spoken) for word in said)
