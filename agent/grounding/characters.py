"""Which characters a model's own words may be made of: letters and plain punctuation."""

import unicodedata
from collections.abc import Iterator

from agent.grounding.clean import foreign_letters, holds_figure_character, seen
from agent.grounding.violations import EXCERPT, Violation

# Dice, clock faces, ticks and boxes say figures and statuses too, so what is not listed is refused.
# "§" stands for what was taken out.
_PUNCTUATION = frozenset(" \n\t\r.,;:!?'\"()-–—…“”‘’„‚«»‹›•·/&*_~`¿¡→§{}\u00a0\u2011\u2010")


def character_violations(residue: str) -> Iterator[Violation]:
    """Digits of any script, signs, letters outside the Latin script, hidden and stray symbols."""
    if any(brace in residue for brace in "{}"):
        yield Violation(rule="broken-reference", excerpt=residue[:EXCERPT])
    figure = holds_figure_character(residue)
    if figure is not None:
        yield Violation(rule="figure", excerpt=_around(residue, figure))
    sign = next((c for c in seen(residue) if is_sign(c)), None)
    if sign is not None:
        yield Violation(rule="currency-sign", excerpt=sign)
    foreign = foreign_letters(residue)
    if foreign is not None:
        yield Violation(rule="unreadable-script", excerpt=foreign[:EXCERPT])
    stray = next((c for c in residue if is_stray(c)), None)
    if stray is not None:
        yield Violation(rule="stray-symbol", excerpt=f"U+{ord(stray):04X}")


def is_sign(character: str) -> bool:
    return unicodedata.category(character) == "Sc" or character in "%‰"


def is_stray(character: str) -> bool:
    """Neither letter nor figure nor sign, which are told apart above, nor plain punctuation."""
    if character in _PUNCTUATION or is_sign(character):
        return False
    figure = unicodedata.numeric(character, None) is not None
    return not figure and unicodedata.category(character)[0] not in "LM"


def _around(text: str, character: str) -> str:
    position = text.index(character)
    return text[max(0, position - 20) : position + 20]
