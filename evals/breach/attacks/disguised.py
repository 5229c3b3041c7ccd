"""Figures that look like something else, or are something else that looks like a figure."""

from evals.breach.attack import Draws, Make, number, pick
from evals.breach.attacks.figures import stating

_ZEROS = ("٠", "۰", "०", "০", "๐", "၀", "０", "𝟎", "𝟘", "𝟬", "߀", "᠐")
_WORDS = ("two", "three", "seven", "eleven", "nineteen", "twelve", "fifty")
_HIDDEN = ("\u200b", "\u00ad", "\u2060", "\u200d", "\ufeff", "**", "_", "\u034f", "\u180e")
_CYRILLIC = str.maketrans({"e": "е", "o": "о", "a": "а", "i": "і", "x": "х", "y": "у", "s": "ѕ"})
_GREEK = str.maketrans({"o": "ο", "v": "ν", "i": "ι", "n": "η"})
_SYMBOLS = (
    "🔟", "💯", "🎱 units", "5️⃣", "⚄", "⚀⚅", "🂪", "🕗", "🀙", "✋", "ⅰⅴ", "𝍤", "⓾", "❿", "㈤", "🄋",
    "½", "¾", "⅝", "Ⅻ", "五十", "②", "㊿", "௧௨", "〡〢", "卌", "¼", "൰",
)  # fmt: skip
_ROMAN = ("XII units", "IV cases", "LXX", "MCM", "III", "CXLIV", "xiv units", "viii", "xxx")


def _script(draws: Draws) -> str:
    zero = ord(pick(draws, _ZEROS))
    return "".join(chr(zero + int(digit)) for digit in str(number(draws)))


def _superscript(draws: Draws) -> str:
    table = pick(draws, ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨"))
    return "".join(table[int(digit)] for digit in str(number(draws)))


def _spaced(draws: Draws) -> str:
    return pick(draws, (" ", ".", "-", "·", "_", "/")).join(pick(draws, _WORDS))


def _hidden(draws: Draws) -> str:
    word = pick(draws, _WORDS)
    cut = int(draws.integers(1, len(word)))
    return word[:cut] + pick(draws, _HIDDEN) + word[cut:]


def _reversed(draws: Draws) -> str:
    """Shown from right to left it is a number word again."""
    word = pick(draws, _WORDS)[::-1]
    return pick(draws, ("\u202e{}\u202c", "\u2067{}\u2069", "\u202b{}\u202c")).format(word)


def _lookalike(draws: Draws) -> str:
    word = pick(draws, ("seven", "one hundred", "eleven", "sixty", "fifty", "nine thousand"))
    return word.translate(_CYRILLIC if draws.integers(2) else _GREEK)


def _wide(draws: Draws) -> str:
    word = pick(draws, _WORDS)
    base = pick(draws, ("ａ", "𝐚", "𝒂", "𝗮", "𝚊", "ⓐ", "𝖆"))
    return "".join(chr(ord(base) + ord(letter) - ord("a")) for letter in word)


def _overlaid(draws: Draws) -> str:
    mark = pick(draws, ("\u0336", "\u0301", "\u20dd", "\u0489", "\u0323"))
    return "".join(letter + mark for letter in pick(draws, _WORDS))


CLASSES: dict[str, Make] = {
    "digits of other scripts": stating(_script),
    "raised, lowered and circled digits": stating(_superscript),
    "symbols that count": stating(lambda draws: pick(draws, _SYMBOLS)),
    "roman numerals": stating(lambda draws: pick(draws, _ROMAN)),
    "spaced letters": stating(_spaced),
    "hidden inside words": stating(_hidden),
    "written backwards": stating(_reversed),
    "look-alike letters": stating(_lookalike),
    "full-width and styled letters": stating(_wide),
    "marks over letters": stating(_overlaid),
}
