"""What a message says, before asking what it wants: things, figures, times, and the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from agent.language.figures import Figure, unclear_amount
from agent.language.periods import Period
from agent.llm.offline.lexicon import (
    MOST_CHOICES,
    Lexicon,
    named_places,
    tokens,
)
from agent.llm.offline.likeness import example_words
from agent.llm.offline.masking import (
    BEFORE_CODE,
    Masked,
    take_codes,
    take_figures,
    take_full_names,
    take_orders,
    take_period,
    take_place_code,
    take_reason,
    take_span,
)
from agent.llm.offline.vocabulary import FILLERS, corrected, normalised


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`plain` is the message in lower case with things, figures and times replaced by marks.

    Marks: <item> <place> <supplier> <po> <n> <money> <when> <why>. `items` are SKUs named for
    certain; `choices` are SKUs that the words might mean; `unknown` is what looked like an item and
    is none.
    """

    text: str
    plain: str
    items: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unknown: str = ""
    place: str | None = None  # where one alone is named
    places: tuple[str, ...] = ()
    supplier: str | None = None  # where one alone is named
    suppliers: tuple[str, ...] = ()
    category: str | None = None
    orders: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    is_unclear: bool = False  # an amount that could be read in two ways, or in none
    period: Period | None = None
    span: Period | None = None  # the days ahead that are named, for what is to hold then
    reason: str = ""  # the person's own words after "because"
    leftover: tuple[str, ...] = field(default=())  # words that are neither fillers nor marks


def read(text: str, lexicon: Lexicon, today: date) -> Reading:
    """Take the message apart; never fails, whatever it holds."""
    masked = Masked(text)
    reason = take_reason(masked)
    items = list(take_full_names(masked, lexicon))
    orders = tuple(take_orders(masked))
    items += list(take_codes(masked, lexicon))
    place = take_place_code(masked, lexicon)
    period = take_period(masked, today)
    span = take_span(masked, text, today)
    is_unclear = unclear_amount(masked.text) is not None
    found = tuple(take_figures(masked))
    named = _take_named(corrected(normalised(masked.marked(text)), lexicon.words), lexicon)
    words = _leftover(named.plain, lexicon)
    choices, unknown = ((), "") if items else _choices(words, lexicon)
    unknown = unknown or ("" if items or choices else _unknown_number(text, found))
    choices = _narrowed(choices, named.plain, lexicon)
    is_code = bool(unknown) and _is_unknown_code(unknown, lexicon)
    plain = _marked_items(named.plain, words if choices else (unknown,) if is_code else ())
    if len(choices) == 1:
        items, choices = [choices[0]], ()
    return Reading(
        text=text,
        plain=plain,
        items=tuple(dict.fromkeys(items)),
        choices=choices[:MOST_CHOICES],
        unknown=unknown,
        place=place or _only(named.places),
        places=tuple(dict.fromkeys((*([place] if place else []), *named.places))),
        supplier=_only(named.suppliers),
        suppliers=named.suppliers,
        category=named.category,
        orders=orders,
        figures=found,
        is_unclear=is_unclear,
        period=period,
        span=span,
        reason=reason,
        leftover=words,
    )


def _unknown_number(text: str, found: Sequence[Figure]) -> str:
    """A bare number where an item's code belongs: "how sure are you about 126?"."""
    for figure in found:
        if figure.text.isdigit() and BEFORE_CODE.search(text[: figure.start]):
            return figure.text
    return ""


@dataclass(frozen=True)
class _Named:
    plain: str
    places: tuple[str, ...]
    suppliers: tuple[str, ...]
    category: str | None


def _take_named(plain: str, lexicon: Lexicon) -> _Named:
    """Places, suppliers and categories named in words."""
    places = tuple(dict.fromkeys(named_places(plain, lexicon.names.locations)))
    for place in places:
        plain = _without(plain, lexicon.names.locations[place], "<place>")
    by_name = named_places(plain, lexicon.names.suppliers)
    suppliers = tuple(dict.fromkeys((*by_name, *_supplier_codes(plain, lexicon))))
    for supplier in suppliers:
        name = lexicon.names.suppliers.get(supplier, "")
        plain = _without(plain, f"{name} {supplier}", "<supplier>")
    category = _category(plain, lexicon.names.categories)
    return _Named(plain=plain, places=places, suppliers=suppliers, category=category)


def _supplier_codes(plain: str, lexicon: Lexicon) -> tuple[str, ...]:
    codes = {code.casefold(): code for code in lexicon.names.suppliers}
    said = [word.strip(".,!?'\"").removesuffix("'s") for word in plain.split()]
    return tuple(codes[w] for w in said if w in codes and w not in FILLERS)


_BEFORE_CATEGORY = re.compile(
    r"\b(?:in|for|from|within|category|on|off|promot(?:e|ed|ing)|discount(?:ed|ing)?)\s+"
    r"(?:(?:the|all)\s+)*"
)


def _category(plain: str, categories: Sequence[str]) -> str | None:
    """A category named as "in lamps", "for the kitchen category" or "lamps category"."""
    for said in _BEFORE_CATEGORY.finditer(plain):
        words = tokens(plain[said.end() :])
        for path in categories:
            parts = [tokens(part) for part in path.split("/")]
            for depth, part in enumerate(parts, start=1):
                if part and words[: len(part)] == part:
                    return "/".join(path.split("/")[:depth])
    return None


def _only(found: Sequence[str]) -> str | None:
    return found[0] if len(set(found)) == 1 else None


def _without(plain: str, name: str, mark: str) -> str:
    """The name's words replaced by one mark."""
    own = set(tokens(name))
    kept: list[str] = []
    for word in plain.split():
        if set(tokens(word)) & own and tokens(word):
            if not kept or kept[-1] != mark:
                kept.append(mark)
        else:
            kept.append(word)
    return " ".join(kept)


def _leftover(plain: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Words that may name something; those of our own phrases only where an item has them."""
    bare = re.sub(r"<\w+>", " ", plain)
    words = re.findall(r"[^\W_]+(?:[-./][^\W_]+)*", bare)
    telling = (word for word in words if word not in FILLERS and len(word) > 1)
    common = example_words()
    return tuple(
        word
        for word in telling
        if word not in common or any(part in lexicon.skus_with for part in tokens(word))
    )


def _marked_items(plain: str, words: Sequence[str]) -> str:
    """The words that name an item replaced by one mark."""
    kept: list[str] = []
    for word in plain.split():
        is_name = word.strip(".,;:!?'\"()") in words
        if not is_name:
            kept.append(word)
        elif not kept or kept[-1] != "<item>":
            kept.append("<item>")
    return " ".join(kept)


def _choices(words: Sequence[str], lexicon: Lexicon) -> tuple[tuple[str, ...], str]:
    """SKUs the words might mean; or the words themselves, when they mean none."""
    if not words:
        return (), ""
    wrong = next((word for word in words if _is_unknown_code(word, lexicon)), None)
    if wrong is not None:
        return (), wrong
    split = [part for word in words for part in tokens(word)]
    known = [word for word in split if lexicon.with_all([word])]
    found = lexicon.with_all(known) if known else ()
    if found and len(known) * 2 >= len(split):
        return _exactly_named(found, known, lexicon), ""
    return (), " ".join(words)


def _is_unknown_code(word: str, lexicon: Lexicon) -> bool:
    """It looks like a code, and no item has all its parts: LAMP-OAK-99, but not 3-tier."""
    looks_like_code = re.search(r"\d", word) and re.search(r"[^\W\d_]|-", word)
    return bool(looks_like_code) and not lexicon.with_all(tokens(word))


def _narrowed(choices: tuple[str, ...], plain: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Everyday words that are also words of names, such as green or light, decide among several."""
    if len(choices) < 2:  # noqa: PLR2004  nothing to decide
        return choices
    for word in tokens(re.sub(r"<\w+>", " ", plain)):
        fitting = lexicon.skus_with.get(word, frozenset[str]()) & set(choices)
        if fitting and word in FILLERS:
            choices = tuple(sku for sku in choices if sku in fitting)
    return choices


def _exactly_named(
    found: tuple[str, ...], words: Sequence[str], lexicon: Lexicon
) -> tuple[str, ...]:
    """Of several, the one whose whole name was said is meant."""
    exact = [sku for sku in found if set(tokens(lexicon.names.items[sku])) == set(words)]
    return (exact[0],) if len(exact) == 1 else found
