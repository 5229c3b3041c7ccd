"""A window in words, as the shop's customers read it: "Ships by Nov 7-10"."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton

from engine.errors import InvalidInput
from engine.promise.offers import Basis, Span

FALLBACK = "en"
_THIN = "\u2009"
PHRASES: dict[str, dict[str, str]] = {
    "en": {
        "stock": "In stock, ships {window}", "inbound": "Ships by {window}",
        "lead_time": "Can be ordered, expected to ship by {window}",
        "none": "No delivery date yet", "today": "today",
    },
    "de": {
        "stock": "Auf Lager, Versand {window}", "inbound": "Versand bis {window}",
        "lead_time": "Bestellbar, Versand voraussichtlich bis {window}",
        "none": "Noch kein Liefertermin", "today": "heute",
    },
    "fr": {
        "stock": "En stock, expédié {window}", "inbound": "Expédié d'ici le {window}",
        "lead_time": "Sur commande, expédition prévue d'ici le {window}",
        "none": "Pas encore de date de livraison", "today": "aujourd'hui",
    },
    "es": {
        "stock": "En stock, se envía {window}", "inbound": "Se envía antes del {window}",
        "lead_time": "Bajo pedido, envío previsto antes del {window}",
        "none": "Aún sin fecha de entrega", "today": "hoy",
    },
    "nl": {
        "stock": "Op voorraad, verzonden {window}", "inbound": "Verzonden uiterlijk {window}",
        "lead_time": "Op bestelling, verzending verwacht uiterlijk {window}",
        "none": "Nog geen leverdatum", "today": "vandaag",
    },
}  # fmt: skip


def locale_of(name: str) -> Locale:
    """From `en_US` or `en-US`; raises InvalidInput for what is no locale."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise InvalidInput(f"{name!r} is no locale; write something like en_US or de.") from None


def worded(basis: Basis, span: Span | None, *, locale: str, today: date) -> str:
    """The sentence beside the "buy" button; English where the language has no phrases here."""
    spoken = locale_of(locale)
    phrases = PHRASES.get(spoken.language, PHRASES[FALLBACK])
    dates = spoken if spoken.language in PHRASES else Locale.parse("en_GB")
    if span is None:
        return phrases["none"]
    is_today = span.first == span.last == today
    window = phrases["today"] if is_today else window_text(span.first, span.last, dates, today)
    return phrases[basis].format(window=window)


def window_text(first: date, last: date, locale: Locale, today: date) -> str:
    """`Nov 7–10`, or `Dec 28, 2026 – Jan 2, 2027` once a day is in another year than today."""
    skeleton = "MMMd" if first.year == last.year == today.year else "yMMMd"
    if first == last:
        return format_skeleton(skeleton, first, locale=locale)
    text = format_interval(first, last, skeleton=skeleton, locale=locale)
    same_month = (first.year, first.month) == (last.year, last.month)
    return text.replace(_THIN, "" if same_month else " ")


def long_day(day: date, locale: Locale) -> str:
    return format_date(day, format="long", locale=locale)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a calendar day ends in a zone; 23 or 25 hours after it began."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
