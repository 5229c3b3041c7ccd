"""Text from data as a PDF can show it: one line, bounded, in reading order, in a font that has it.

Names come from suppliers and exports, so nothing in them is markup. Arabic letters are joined and
right-to-left runs put in visual order (Unicode bidirectional algorithm), because a PDF shows glyphs
in the order they are given.
"""

# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
import unicodedata
from functools import lru_cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from engine.errors import StoreError

LONGEST = 240  # characters of a name on paper; the CSV beside it has all of them
BODY, BOLD, EAST_ASIAN = "QM-Sans", "QM-Sans-Bold", "STSong-Light"
_FILES = {BODY: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_ARABIC = range(0x0600, 0x0780)
_MISSING = "\N{WHITE SQUARE}"


def plain(text: str, longest: int = LONGEST) -> str:
    """One line without control or formatting characters, cut with an ellipsis."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def paragraph(text: str, longest: int = LONGEST) -> str:
    """Mark-up for a reportlab paragraph that shows exactly this text."""
    shown = _visual(plain(text, longest))
    runs: list[str] = []
    for font, run in _runs(shown):
        runs.append(escape(run) if font == BODY else f'<font name="{font}">{escape(run)}</font>')
    return "".join(runs)


def register_fonts() -> None:
    """Make the fonts known to reportlab; once per process."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    if BODY in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_font_folder() / file)))
    pdfmetrics.registerFontFamily(BODY, normal=BODY, bold=BOLD, italic=BODY, boldItalic=BOLD)
    pdfmetrics.registerFont(UnicodeCIDFont(EAST_ASIAN))


def _visual(text: str) -> str:
    if not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return text
    from arabic_reshaper import reshape
    from bidi import get_display

    joined = reshape(text) if any(ord(c) in _ARABIC for c in text) else text
    return str(get_display(joined))


def _runs(text: str) -> list[tuple[str, str]]:
    """Consecutive characters that one font can show."""
    runs: list[tuple[str, str]] = []
    for character in text:
        font, shown = _font_for(character)
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + shown)
        else:
            runs.append((font, shown))
    return runs


def _font_for(character: str) -> tuple[str, str]:
    if ord(character) in _glyphs():
        return BODY, character
    if unicodedata.east_asian_width(character) in ("W", "F") and ord(character) <= 0xFFFF:  # noqa: PLR2004  the font's plane
        return EAST_ASIAN, character
    return BODY, _MISSING


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics

    register_fonts()
    return frozenset(pdfmetrics.getFont(BODY).face.charToGlyph)


def _font_folder() -> Path:
    """DejaVu Sans as matplotlib ships it: Latin, Greek, Cyrillic, Hebrew, Arabic and more."""
    found = find_spec("matplotlib")  # located, not imported: that would cost half a second
    if found is None or not found.submodule_search_locations:
        raise StoreError("The fonts of purchase orders come with matplotlib; run `make setup`.")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
