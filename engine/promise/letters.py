"""What a customer reads when a window has moved: a letter from phrases, in their language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter

from engine.errors import InvalidInput
from engine.promise.moves import Apology, Direction
from engine.promise.wording import FALLBACK, locale_of, window_text

Phrases = Mapping[str, str]
# Which words each phrase may use.
PLACES: Mapping[str, frozenset[str]] = {
    "subject": frozenset({"orders"}),
    "greeting": frozenset(),
    "later_none": frozenset(),
    "later_plain": frozenset(),
    "later_sincere": frozenset(),
    "open": frozenset(),
    "earlier": frozenset(),
    "dated": frozenset(),
    "line": frozenset({"order", "units", "item", "window"}),
    "line_before": frozenset({"order", "units", "item", "window", "before"}),
    "line_open": frozenset({"order", "units", "item"}),
    "alternative": frozenset({"items"}),
    "closing": frozenset({"company"}),
}
LETTERS: Mapping[str, Phrases] = {
    "en": {
        "subject": "Your order {orders}: a new shipping date",
        "greeting": "Hello,",
        "later_none": "the shipping date of your order has moved a little.",
        "later_plain": "we are sorry: your order will ship later than we told you.",
        "later_sincere": "we are very sorry. Your order will ship later than we promised, and that "
        "is not what you should expect of us.",
        "open": "we are very sorry. We can give you no shipping date for part of your order at the "
        "moment, and will write again as soon as we have one.",
        "earlier": "good news: your order will ship earlier than we told you.",
        "dated": "we now have a shipping date for your order.",
        "line": "- {order}: {units} x {item} ships by {window}",
        "line_before": "- {order}: {units} x {item} now ships by {window} (before: {before})",
        "line_open": "- {order}: {units} x {item} has no shipping date yet",
        "alternative": "  You could have at once instead: {items}",
        "closing": "If this no longer suits you, please reply; you may change or cancel your order "
        "at any time.\n\n{company}",
    },
    "de": {
        "subject": "Ihre Bestellung {orders}: neuer Versandtermin",
        "greeting": "Guten Tag,",
        "later_none": "der Versandtermin Ihrer Bestellung hat sich etwas verschoben.",
        "later_plain": "leider wird Ihre Bestellung später versandt, als wir angekündigt hatten. "
        "Das tut uns leid.",
        "later_sincere": "wir bitten aufrichtig um Entschuldigung: Ihre Bestellung wird später "
        "versandt, als wir versprochen hatten.",
        "open": "wir bitten aufrichtig um Entschuldigung: für einen Teil Ihrer Bestellung können "
        "wir derzeit keinen Termin nennen. Sobald wir einen haben, schreiben wir Ihnen.",
        "earlier": "gute Nachricht: Ihre Bestellung wird früher versandt als angekündigt.",
        "dated": "für Ihre Bestellung gibt es jetzt einen Versandtermin.",
        "line": "- {order}: {units} x {item}, Versand bis {window}",
        "line_before": "- {order}: {units} x {item}, Versand nun bis {window} (bisher: {before})",
        "line_open": "- {order}: {units} x {item}, noch ohne Termin",
        "alternative": "  Sofort lieferbar wäre stattdessen: {items}",
        "closing": "Wenn Ihnen das nicht mehr passt, antworten Sie bitte; Sie können Ihre "
        "Bestellung jederzeit ändern oder stornieren.\n\n{company}",
    },
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """`window` and `before` are first and last day; None: there is, or was, none."""

    order_line: str
    item: str
    units: int
    window: tuple[date, date] | None
    before: tuple[date, date] | None
    alternatives: tuple[str, ...] = ()  # names of items


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str


def letter(
    lines: Sequence[LetterLine],
    *,
    direction: Direction,
    apology: Apology,
    company: str,
    locale: str,
    today: date,
    phrases: Mapping[str, Phrases] = LETTERS,
) -> Letter:
    """The letter in the language of `locale`, wholly; in English where there are no phrases."""
    spoken = locale_of(locale)
    if spoken.language not in phrases:
        spoken = locale_of("en_GB")
    words = phrases.get(spoken.language, LETTERS[FALLBACK])

    def days(window: tuple[date, date]) -> str:
        return window_text(window[0], window[1], spoken, today)

    def told(line: LetterLine) -> str:
        about = {"order": line.order_line, "units": line.units, "item": line.item}
        if line.window is None:
            return words["line_open"].format(**about)
        if line.before is None:
            return words["line"].format(**about, window=days(line.window))
        return words["line_before"].format(
            **about, window=days(line.window), before=days(line.before)
        )

    reason = f"later_{apology}" if direction == "later" else direction
    body = [words["greeting"], "", words[reason], ""]
    for line in lines:
        body.append(told(line))
        if line.alternatives:
            body.append(words["alternative"].format(items=", ".join(line.alternatives)))
    body += ["", words["closing"].format(company=company)]
    orders = ", ".join(dict.fromkeys(line.order_line for line in lines))
    return Letter(subject=words["subject"].format(orders=orders), text="\n".join(body) + "\n")


def with_own_phrases(own: Mapping[str, Phrases]) -> Mapping[str, Phrases]:
    """The letters with a shop's own words in place of ours; a language may be new.

    Raises InvalidInput for a phrase nobody knows, for words in braces that it has not, and for a
    new language that lacks one.
    """
    found = dict(LETTERS)
    for language, phrases in own.items():
        for name, text in phrases.items():
            if name not in PLACES:
                raise InvalidInput(f"No phrase {name!r}. Known: {', '.join(PLACES)}.")
            _require_places(language, name, text)
        missing = PLACES.keys() - {*found.get(language, {}), *phrases}
        if missing:
            raise InvalidInput(
                f"{language!r} lacks the phrase {min(missing)!r}; write all of them."
            )
        found[language] = {**found.get(language, {}), **phrases}
    return found


def _require_places(language: str, name: str, text: str) -> None:
    try:
        used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise InvalidInput(f"The phrase {language}.{name} cannot be read: {error}.") from None
    unknown = used - PLACES[name]
    if unknown:
        known = ", ".join(sorted(PLACES[name])) or "none"
        raise InvalidInput(
            f"The phrase {language}.{name} uses {{{min(unknown)}}}; it may use: {known}."
        )
