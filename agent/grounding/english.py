"""Is a sentence English? Grounding knows English words for figures and statuses, no others.

It fails closed: most words of a sentence must be ones that English drafts about buying are made
of, and none may be a number word of a neighbouring language.
"""

import re
from functools import cache
from importlib.resources import files

from agent.grounding.clean import readings
from agent.grounding.template import sentences

# Function words, and the words of the trade. Names of things are taken out before.
_FOREIGN_NUMBERS = re.compile(
    r"\b(?:ein(?:e[mnrs]?)?|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf|zwanzig"
    r"|dreissig|dreißig|vierzig|funfzig|hundert|tausend|dutzend|halb|halfte|doppelt"
    r"|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    r"|trente|quarante|cinquante|soixante|mille|douzaine|moitie"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|cuarenta"
    r"|cincuenta|cien|ciento|docena|mitad"
    r"|tre|quattro|cinque|sei|sette|otto|nove|dieci|venti|trenta|quaranta|cento|dozzina|meta"
    r"|twee|drie|vijf|zes|zeven|negen|tien|twaalf|twintig|honderd|duizend|dozijn"
    r"|dois|duas|quatro|sete|oito|dez|vinte|trinta|cem|duzia|metade"
    r"|tva|fyra|fem|sju|atta|nio|tio|tjugo|trettio|hundra|tusen|dussin)\b"
)
SHARE = 0.55  # of the words of a sentence; English drafts about buying have eight in ten
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")


def not_english(residue: str) -> str | None:
    """The first sentence that is not English, as far as can be told; None when all are."""
    for sentence in sentences(residue):
        plain = readings(sentence)[0]
        words = _WORD.findall(plain)
        if _FOREIGN_NUMBERS.search(plain):
            return sentence
        known = sum(_is_common(word) for word in words)
        if words and known < SHARE * len(words):
            return sentence
    return None


@cache
def common_words() -> frozenset[str]:
    text = files("agent.grounding").joinpath("english.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def _is_common(word: str) -> bool:
    stem = word.removesuffix("'s").removesuffix("'ll").removesuffix("'re").removesuffix("n't")
    return any(
        form in common_words() for form in (word, stem, stem.removesuffix("s"), *stem.split("-"))
    )
