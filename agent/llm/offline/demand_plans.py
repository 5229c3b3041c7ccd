"""What people set and plan for demand: overrides, promotions, launches, prices, and their end."""

import re
from datetime import date
from typing import Any, Literal, get_args

from agent.language.figures import Figure
from agent.language.periods import Period
from agent.language.spans import ends_before_it_begins
from agent.llm.offline import asides, slots
from agent.llm.offline.asking import ask_which
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending
from engine.model.panel import CorrectionKind

_LOWER = re.compile(
    r"\b(?:lower(?:ed|ing)?|knock|shave|slash|chop|off|fall(?:s|ing)?|cut(?:ting)?|reduc(?:ed?|ing)|decreas(?:ed?|ing)|down|drop(?:ped|ping)?"
    r"|less|fewer|minus|below|shrink|trim(?:med)?|cheaper)\b"
)
_RAISE = re.compile(
    r"\b(?:rais(?:ed?|ing)|ris(?:e|es|ing)|increas(?:ed?|ing)|up|lift(?:ed)?|bump(?:ed)?|more|higher|plus|add|boost"
    r"|grow|push|above|extra|uplift|dearer|(?:more )?expensive)\b"
)
_RANGE = re.compile(r"(?:\bbetween\s+|\bfrom\s+)?<n>(?:\s*(?:to|and|-|–)\s*)<n>")
_PER_WEEK = re.compile(r"\b(?:a|per|each|every)\s+week\b|\bweekly\b|/\s*w(?:ee)?k\b")
_PER_DAY = re.compile(r"\b(?:a|per|each|every)\s+day\b|\bdaily\b|/\s*day\b")
_FOR_GOOD = re.compile(
    r"\b(?:for good|permanently|from now on|going forward|until further notice|for ever|forever)\b"
)
_KINDS: tuple[tuple[str, str], ...] = (
    (r"\binfluencers?\b|\bmention\b", "influencer"), (r"\bdisplays?\b", "display"),
    (r"\bfeatur(?:e[ds]?|ing)\b|\b(?:leaflet|flyer|newsletter)\b", "feature"),
    (r"\bdrops?\b(?! the)", "drop"),
)  # fmt: skip
# Words that name what a launch is like, and at whose expense it sells.
_LIKE = re.compile(r"\b(?:like|similar to|modelled on|as)\s+<item>")
# Cuts in words that no figure says.
_OTHER_CUT = re.compile(r"\bhalf[- ](?:the )?(?:price|off)\b|\bbuy one\b|\bbogof\b|<n> for <n>")
# "by 10 %", "2 pounds cheaper": how far a price moves, not where it goes.
_BY = re.compile(
    r"\bby\s+(?:about\s+|around\s+|another\s+)?<(?:n|money)>"
    r"|\b(?:up|down|drops?|rises?|falls?)\s+<(?:n|money)>"
    r"|<(?:n|money)>\s*(?:cheaper|dearer|more|less|higher|lower|up|down|extra)\b"
)
# Where it is sold, as people say it, for each channel of the data contract.
_CHANNELS = {
    "marketplace": re.compile(r"\b(?:marketplaces?|amazon|ebay)\b"),
    "web": re.compile(r"\b(?:online|web|web\s?(?:shop|site|store)|(?:internet|e-?)\s?shop)\b"),
    "store": re.compile(r"\bin[- ](?:the |our |all )?(?:stores?|shops?)\b"),
    "wholesale": re.compile(r"\bwholesale\b"),
}
_OTHER_CHANNEL = re.compile(r"\bchannels?\b(?<!all channels)(?<!every channel)(?<!each channel)")
_PRICE = re.compile(
    r"\bpric\w+|\bcheaper\b|\bdearer\b|\bexpensive\b|\bcosts?\b|\b(?:sells?|sold) (?:for|at)\b"
)
_CUT = re.compile(r"\boff\b|\bpromo|\bdiscount|\bsale\b|\bhalf[- ]price")
MOST_BASIS_POINTS = 9_500
FEBRUARY, DAYS_OF_FEBRUARY = 2, 28


def override(reading: Reading, question: Question) -> Reply:
    """`raise <item> by 20 %`, `set it to 300 a week until Christmas`, `between 200 and 300`."""
    if reading.is_unclear:
        return Reply(draft=asides.UNCLEAR_AMOUNT)
    size = _size(reading)
    if size is None:
        return Reply(draft=asides.WHICH_CHANGE)
    wanted: dict[str, Any] = {**size, **_where(reading, question)}
    if reading.reason:
        wanted["reason"] = reading.reason
    return _about_item("override_forecast", wanted, reading, question, needs_end=True)


def promotion(reading: Reading, question: Question) -> Reply:
    """`add a promotion of <item> at 20 % off from 1 to 7 December`."""
    depth = _depth(reading)
    if depth is None:
        return Reply(draft=asides.WHICH_DEPTH)
    channels = _channels(reading)
    if len(channels) > 1 or (not channels and _OTHER_CHANNEL.search(reading.plain)):
        return Reply(draft=asides.WHICH_CHANNEL)
    wanted: dict[str, Any] = {**depth, **_where(reading, question)}
    wanted |= {"channel": channels[0]} if channels else {}
    wanted |= {"kind": _kind(reading)} if _kind(reading) else {}
    return _about_item("add_promotion", wanted, reading, question, needs_end=True)


def what_if(reading: Reading, question: Question) -> Reply:
    """`what if we promote <item> at 20 % in week 50?`, `what if the price goes to 24.90?`."""
    if _channels(reading) or _OTHER_CHANNEL.search(reading.plain):
        return Reply(draft=asides.ALL_CHANNELS)
    found = _price(reading, question) if _is_price(reading) else _depth(reading)
    if found is None:
        return Reply(draft=asides.WHICH_PRICE if _is_price(reading) else asides.WHICH_DEPTH)
    wanted = {**found, **_where(reading, question)}
    return _about_item("what_if_demand", wanted, reading, question)


def price(reading: Reading, question: Question) -> Reply:
    """`set the price of <item> to 24.90 from 1 December`, `raise its price by 5 % next week`."""
    found = _price(reading, question)
    if found is None:
        return Reply(draft=asides.WHICH_PRICE)
    wanted = {**found, **_where(reading, question)}
    return _about_item("plan_price", wanted, reading, question, needs_start=True)


def launch(reading: Reading, _question: Question) -> Reply:
    """`launch LAMP-ELM-03 on 1 December like <item>, 40 a week`."""
    like = reading.items[-1] if reading.items and _LIKE.search(reading.plain) else None
    others = [sku for sku in reading.items if sku != like]
    sku = others[0] if others else _new_code(reading)
    if sku is None:
        return Reply(draft=asides.WHICH_LAUNCH)
    if reading.span is None:
        return Reply(draft=asides.WHICH_DAY)
    wanted: dict[str, Any] = {"sku": sku, "first": reading.span.first.isoformat()}
    wanted |= {"like": like} if like else {}
    wanted |= {"category": reading.category} if reading.category else {}
    wanted |= {"location": reading.place} if reading.place else {}
    if _PER_WEEK.search(reading.plain) and _numbers(reading):
        if not _counts(reading):
            return Reply(draft=asides.WHICH_WEEKLY)
        wanted["weekly_units"] = int(_counts(reading)[0].value)
    return Reply(calls=(Call(tool="add_launch", arguments=wanted),))


def keep(reading: Reading, question: Question) -> Reply:
    """`undo the correction of <item> in June`, `keep <item> as recorded from 1 to 14 June`."""
    wanted: dict[str, Any] = _where(reading, question)
    wanted |= {"kind": kind} if (kind := _corrected_as(reading)) else {}
    if reading.reason:
        wanted["reason"] = reading.reason
    wanted |= _past_days(reading.span or reading.period, question.today)
    return _about_item("keep_as_recorded", wanted, reading, question, needs_end=True)


def _past_days(named: Period | None, today: date) -> dict[str, str]:
    """Days of a period that is over; a month or day named without a year is the last such one."""
    if named is None or named.is_open:
        return {}
    ahead = named.first > today
    first, last = (_year_before(day) if ahead else day for day in (named.first, named.last))
    return {"first": first.isoformat(), "last": last.isoformat()}


def _year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes the 28th."""
    leap = day.month == FEBRUARY and day.day > DAYS_OF_FEBRUARY
    return day.replace(year=day.year - 1, day=DAYS_OF_FEBRUARY if leap else day.day)


def _corrected_as(reading: Reading) -> str | None:
    """The kind of correction that the message names."""
    named = [kind for kind in get_args(CorrectionKind) if kind in reading.plain]
    return named[0] if len(named) == 1 else None


def withdraw(reading: Reading, question: Question) -> Reply:
    """`withdraw decision 3`, `undo the override of <item>`, `take that back`."""
    counts = _counts(reading)
    wanted: dict[str, Any] = {"decision": int(counts[0].value)} if counts else {}
    if not counts and (reading.items or slots.says_it(reading)):
        sku = slots.item_of(reading, question.memory)
        wanted |= {"sku": sku} if sku and reading.items else {}
    if reading.reason:
        wanted["reason"] = reading.reason
    return Reply(calls=(Call(tool="withdraw_decision", arguments=wanted),))


def decisions(reading: Reading, _question: Question) -> Reply:
    """`which overrides are there?`, `show planned promotions`."""
    kinds = (("override", r"override|adjust|overrode"), ("promotion", r"promo|campaign|discount"),
             ("launch", r"launch"), ("price", r"price"))  # fmt: skip
    found = [kind for kind, words in kinds if re.search(words, reading.plain)]
    wanted: dict[str, Any] = {"kind": found[0]} if len(found) == 1 else {}
    wanted |= {"sku": reading.items[0]} if reading.items else {}
    if re.search(r"\b(?:past|old|earlier|expired|withdrawn|ever|history)\b", reading.plain):
        wanted["past"] = True
    return Reply(calls=(Call(tool="list_decisions", arguments=wanted),))


def accuracy(reading: Reading, question: Question) -> Reply:
    """`how good are our forecasts?`, `is the forecast for <item> biased?`."""
    sku = slots.item_of(reading, question.memory)
    named = reading.items or slots.says_it(reading)
    wanted: dict[str, Any] = {"sku": sku} if named and sku else {}
    wanted |= {"location": reading.place} if reading.place else {}
    return Reply(calls=(Call(tool="forecast_accuracy", arguments=wanted),))


def with_days(call: PastCall, span: Period) -> Reply:
    """The call that waited to be told the time."""
    days = _days(span, is_write=True)
    return Reply(calls=(Call(tool=call.tool, arguments={**call.arguments, **days}),))


def _about_item(
    tool: str,
    wanted: dict[str, Any],
    reading: Reading,
    question: Question,
    *,
    needs_end: bool = False,
    needs_start: bool = False,
) -> Reply:
    """The call once its item and time are known; else the question for what is missing."""
    if ends_before_it_begins(reading.text):
        return Reply(draft=asides.BACKWARDS)
    category = reading.category if tool in ("add_promotion", "what_if_demand") else None
    sku = None if category and not reading.items else slots.item_of(reading, question.memory)
    if reading.span is not None and "last" not in wanted:
        wanted |= _days(reading.span, is_write=tool != "what_if_demand")
    if sku is None and category is None:
        return ask_which(reading, PastCall(tool=tool, arguments=wanted))
    wanted = {**({"sku": sku} if sku else {"category": category}), **wanted}
    open_end = _FOR_GOOD.search(reading.plain) and tool == "override_forecast"
    lacks = (needs_end and "last" not in wanted) or (needs_start and "first" not in wanted)
    if lacks and not open_end:
        return Reply(
            draft=asides.WHICH_TIME,
            pending=Pending(call=PastCall(tool=tool, arguments=wanted), slot="last"),
        )
    return Reply(calls=(Call(tool=tool, arguments=wanted),))


def _days(span: Period, *, is_write: bool) -> dict[str, str]:
    if span.is_open:
        return {"first": span.first.isoformat()}
    begins_now = re.match(r"(?:until|till|til|by|before|up|through)\b", span.phrase, re.IGNORECASE)
    first = {} if begins_now and is_write is False else {"first": span.first.isoformat()}
    return {**first, "last": span.last.isoformat()}


def _where(reading: Reading, question: Question) -> dict[str, Any]:
    sku = slots.item_of(reading, question.memory)
    named = reading.place or slots.unknown_place(reading)
    place = named or slots.same_place(sku, reading, question.memory)
    return {} if place is None else {"location": place}


def _size(reading: Reading) -> dict[str, Any] | None:
    """By how much, or to what; None where the message says neither, or what cannot be taken."""
    shares, counts = _shares(reading), _counts(reading)
    way = _way(reading)
    if shares:
        points = slots.basis_points(shares[0])
        both_ways = _LOWER.search(reading.plain) and _RAISE.search(reading.plain)
        if way is None or points is None or len(shares) > 1 or both_ways:
            return None
        return {"direction": way, "change_basis_points": points}
    if len(counts) < len(_numbers(reading)):
        return None  # part of a unit: leaving it out would set something else
    if len(counts) > 1 and _RANGE.search(reading.plain):
        low, high = sorted(int(each.value) for each in counts[:2])
        return {"direction": "set", "low_units": low, "high_units": high, "per": _per(reading)}
    if counts:
        return {"direction": "set", "units": int(counts[0].value), "per": _per(reading)}
    return None


def _way(reading: Reading) -> Literal["raise", "lower"] | None:
    if _LOWER.search(reading.plain):
        return "lower"
    return "raise" if _RAISE.search(reading.plain) else None


def _per(reading: Reading) -> str:
    if _PER_DAY.search(reading.plain):
        return "day"
    return "week" if _PER_WEEK.search(reading.plain) or reading.span is None else "period"


def _beside_span(reading: Reading) -> list[Figure]:
    """The figures that are not part of the days named."""
    span = reading.span
    if span is None:
        return list(reading.figures)
    return [f for f in reading.figures if not span.start <= f.start < span.end]


def _shares(reading: Reading) -> list[Figure]:
    return [f for f in _beside_span(reading) if f.kind == "percent"]


def _numbers(reading: Reading) -> list[Figure]:
    return [f for f in _beside_span(reading) if f.kind in ("bare", "units", "packs")]


def _counts(reading: Reading) -> list[Figure]:
    return [f for f in _numbers(reading) if slots.is_whole(f.value) and f.value >= 0]


def _depth(reading: Reading) -> dict[str, Any] | None:
    """The cut: `20 %`, or a bare figure before "off"; nothing where none is named.

    None where one is named that no promotion can have: the usual cut must not stand in for it.
    """
    bare = _numbers(reading) if " off" in reading.plain else []
    found = _shares(reading) or bare
    money = [f for f in _beside_span(reading) if f.kind == "money"]
    if reading.is_unclear or len(found) > 1 or money or _OTHER_CUT.search(reading.plain):
        return None
    if not found:
        return {}
    points = slots.basis_points(found[0])
    fits = points is not None and 0 < points <= MOST_BASIS_POINTS
    return {"off_basis_points": points} if fits else None


def _is_price(reading: Reading) -> bool:
    """A regular price is meant, not a cut for some days."""
    if _CUT.search(reading.plain):
        return False
    amounts = any(f.kind == "money" for f in _beside_span(reading))
    moves = _way(reading) is not None and _BY.search(reading.plain) is not None
    return amounts or moves or _PRICE.search(reading.plain) is not None


def _price(reading: Reading, question: Question) -> dict[str, Any] | None:
    """What a price goes to, or how far it moves; None where neither can be told for sure."""
    amounts = [f for f in _beside_span(reading) if f.kind in ("money", "bare")]
    ours = [f for f in amounts if f.currency in (None, question.currency) and f.value > 0]
    shares, way = _shares(reading), _way(reading)
    if reading.is_unclear or len(shares) > 1 or len(ours) < len(amounts):
        return None
    if shares:
        points = slots.basis_points(shares[0])
        if way is None or not points or amounts:
            return None
        return {"direction": way, "change_basis_points": points}
    if not ours:
        return None
    minor = slots.minor(ours[0], question.currency)
    if _BY.search(reading.plain):
        return None if way is None else {"direction": way, "change_minor": minor}
    return {"price_minor": minor}


def _channels(reading: Reading) -> list[str]:
    """The channels that the message names."""
    return [channel for channel, words in _CHANNELS.items() if words.search(reading.plain)]


def _kind(reading: Reading) -> str | None:
    return next((kind for words, kind in _KINDS if re.search(words, reading.text.lower())), None)


def _new_code(reading: Reading) -> str | None:
    """A code that no item has yet, as the person wrote it."""
    found = re.search(r"\b[A-Za-z][\w]*(?:-[\w]+)+\b|\b[A-Z]+\d[\w-]*\b", reading.text)
    return found[0] if found else None
