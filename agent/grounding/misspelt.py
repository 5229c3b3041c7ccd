"""English number words with a letter wrong, as a hurried or a sly hand writes them."""

from rapidfuzz.distance import OSA

from agent.grounding.english import english
from agent.grounding.language import words_of

# Shorter ones are a letter away from too many words.
_LONG_ONES = (
    "three", "seven", "eight", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
    "eighty", "ninety", "hundred", "thousand", "million", "billion", "dozen", "double", "triple",
    "twice",
)  # fmt: skip
_NEARBY = frozenset(
    {"height", "freight", "weight", "bright", "right", "tight", "night", "sight", "fight", "might",
     "even", "event", "sever", "tree", "there", "these", "throe", "threw", "forth", "thirsty",
     "nifty", "empty", "plenty", "trouble", "trile", "doubles", "pillion", "mullion", "doze",
     "dozed", "frozen", "twine", "twist", "trice", "thrice", "twenties", "elevens", "ripple",
     "tripled", "tripe", "doubt", "doubly", "dozens", "seen", "given", "raven", "haven", "seven's",
     "hundreds", "thousands", "millions", "fortune", "party", "forte", "fort", "lofty", "shifty"}
)  # fmt: skip


def misspelt_number(text: str) -> str | None:
    """The first word that is one slip away from a number word and no word of its own.

    Number words themselves are found with their context: "double" counts, "double-check" does not.
    """
    for word in words_of(text):
        if word in _NEARBY or word in _LONG_ONES or english().is_common(word):
            continue
        if any(OSA.distance(word, number, score_cutoff=1) <= 1 for number in _LONG_ONES):
            return word
    return None
