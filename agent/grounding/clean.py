"""Text as a reader sees it, so that nothing hides between the letters."""

import re
import unicodedata

_MARKUP = re.compile(r"[*_~`]+")
# f i v e, f.i.v.e, f-i-v-e: letters standing alone in a row are read together.
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-·_/|]+){2,}[^\W\d_](?!\w)")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
# Latin letters that stay themselves under NFKC but stand in for others.
_LOOKALIKES = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ⅼ": "l", "ɡ": "g", "ℓ": "l"})


def seen(text: str) -> str:
    """Compatibility forms folded, accents and invisible characters gone, markup stripped."""
    folded = unicodedata.normalize("NFKD", text)
    visible = "".join(
        c for c in folded if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc", "Co", "Cn")
        or c in "\n\t"
    )  # fmt: skip
    return _MARKUP.sub("", visible)


def readings(text: str) -> tuple[str, ...]:
    """Lower-case ways to read the text: plain, spaced letters joined, hyphens inside words out."""
    plain = seen(text).translate(_LOOKALIKES)
    joined = _SPACED.sub(lambda match: re.sub(r"[\W_]", "", match[0]), plain)
    hyphens_out = re.sub(r"(?<=\w)[-‐‑–·'](?=\w)", "", joined)
    return tuple(dict.fromkeys(reading.lower() for reading in (plain, joined, hyphens_out)))


def holds_figure_character(text: str) -> str | None:
    """The first character with a numeric value in any script, such as ٣, Ⅻ, ½ or 五."""
    return next((c for c in text if unicodedata.numeric(c, None) is not None), None)


def foreign_letters(text: str) -> str | None:
    """The first word with a letter outside the Latin script, or one that mixes scripts."""
    for word in _WORD.findall(seen(text)):
        if any(not unicodedata.name(c, "").startswith("LATIN") for c in word):
            return word
    return None
