"""Sentences on forecasts, how sure they are, and what moves them."""

from agent.statements.words import Words

SIGNAL_OF_BACKTEST = (
    "The signal counts actual less forecast and each past period once; the bias counts forecast "
    "less actual over every time that a period was forecast."
)


def forecast(say: Words) -> str:
    if say.outcome == "total":
        return _total(say)
    item = f"{say('item.sku')} ({say('item.name')})"
    total = (
        f"{item} is expected to sell {say('forecast.total')} over {_stretch(say, 'forecast.weeks')}"
    )
    total += _reach(say)
    if say.outcome == "several-places":
        places = say.count("forecast.places", "place", "places")
        return f"{total}, in {places}. {_busiest(say)}{_family(say, 'place.1.family')}"
    where = say("place.1.location")
    family = _family(say, "place.1.family")
    return (
        f"{total} at {where}{_over(say)}. {_band(say)}{_protection(say)} {_sureness(say)}{family}"
    )


def _total(say: Words) -> str:
    """How the total is made comes with it, or nobody could say why it is what it is."""
    where = {"location": f"At {say('total.name')}", "category": f"In {say('total.name')}"}
    scope = where.get(str(say.value("total.level")), "In all")
    items = say.count("total.items", "item is", "items are")
    return (
        f"{scope}, {items} expected to sell {say('forecast.total')} over "
        f"{_stretch(say, 'forecast.weeks')}. In the {say('total.bucket')} from "
        f"{say('total.starts')} it should be {say('total.next')}, and between {say('total.low')} "
        f"and {say('total.high')} with a chance of {say('total.band')}. {say('total.made')}"
    )


def _family(say: Words, name: str) -> str:
    """What a launch or a hand-over does to it, and what its own launch takes from others."""
    said = f" {say(name)}" if say.value(name) else ""
    if say.has("launched.units"):
        said += (
            f" Of the {say('launched.units')} its launch should sell over the whole forecast, "
            f"{say('launched.taken')} ({say('launched.share')}) are taken from its siblings."
            f" {say('launched.reason')}"
        )
    return said


def _reach(say: Words) -> str:
    """What was asked for is longer than the forecast: said, not left to be noticed."""
    return ", which is as far as the forecast reaches" if say.has("forecast.beyond") else ""


def _over(say: Words) -> str:
    """The band of the whole stretch, which no sum of weekly bands gives."""
    if not say.has("place.1.sum_low"):
        return ""
    return f", between {say('place.1.sum_low')} and {say('place.1.sum_high')} in all"


def _protection(say: Words) -> str:
    if not say.has("protection.days"):
        return ""
    return (
        f" Stock must last {say('protection.days')} until a later order can arrive: over them "
        f"{say('protection.mean')}, and between {say('protection.low')} and "
        f"{say('protection.high')} with a chance of {say('place.1.band')}."
    )


def _stretch(say: Words, weeks: str) -> str:
    return f"the next {say(weeks)}" if say.has(weeks) else "the time asked for"


def confidence(say: Words) -> str:
    """The same result, asked for its reliability: that comes first."""
    if say.outcome == "total":
        return _total(say)
    item = f"{say('item.sku')} ({say('item.name')})"
    where = f" at {say('place.1.location')}" if say.has("place.1.location") else ""
    opening = f"Confidence in {item}{where}: {say('place.1.confidence')}."
    more = (
        f" It is planned in {say.count('forecast.places', 'place', 'places')}; the table has each."
        if say.outcome == "several-places"
        else ""
    )
    return f"{opening} {_band(say)} {_error(say)}{_why(say)}{more}"


def _busiest(say: Words) -> str:
    """One place stands for all of them: every sentence on it says which."""
    where = f" at {say('place.1.location')}"
    return f"Most of that is{where}. {_band(say, where)} {_sureness(say, where)}"


def _band(say: Words, where: str = "") -> str:
    return (
        f"In the {say('place.1.bucket')} from {say('place.1.starts')} it should sell "
        f"{say('place.1.next')}{where}, and between {say('place.1.low')} and "
        f"{say('place.1.high')} with a chance of {say('place.1.band')}."
    )


def _sureness(say: Words, where: str = "") -> str:
    why = f" {say('place.1.why')}" if say.value("place.1.why") else ""
    return f"Confidence{where}: {say('place.1.confidence')}.{why}{_method(say)}{_why(say)}"


def _method(say: Words) -> str:
    return f" Method: {say('place.1.method')}." if say.value("place.1.method") else ""


def _error(say: Words) -> str:
    if not say.has("place.1.error"):
        return "There is too little history for a backtest."
    return f"In backtests the error was {say('place.1.error')}."


def _why(say: Words) -> str:
    return f" {say('place.1.reason')}" if say.value("place.1.reason") else ""


def drivers(say: Words) -> str:
    item = f"{say('item.sku')} ({say('item.name')}) at {say('place.location')}"
    opening = (
        f"Over {_stretch(say, 'drivers.weeks')} the forecast for {item} is {say('drivers.total')}"
    )
    notes = _notes(say)
    if say.outcome == "baseline-only":
        only = "Only its baseline moves it: no season, price or promotion stands out."
        return f"{opening}. {only}{notes}"
    moving = [_driver(say, number) for number in range(1, 4) if say.has(f"top.{number}.name")]
    return (
        f"{opening}, from a baseline of {say('drivers.baseline')}: {', '.join(moving)} of the "
        f"baseline. The drivers below add up to the forecast.{notes}"
    )


def _driver(say: Words, number: int) -> str:
    return (
        f"{say(f'top.{number}.name')} {say(f'top.{number}.way')} {say(f'top.{number}.share')}"
        f" ({say(f'top.{number}.units')})"
    )


def _notes(say: Words) -> str:
    """Fallbacks and corrections are named, so that nobody takes the figures for more."""
    notes = f" {say('drivers.reason')}" if say.value("drivers.reason") else ""
    notes += _family(say, "drivers.family")
    if say.number("drivers.corrected"):
        periods = say.count("drivers.corrected", "past period", "past periods")
        notes += f" Demand of {periods} was corrected, as the chart shows."
    return notes


def chart(say: Words) -> str:
    """Only what is drawn is promised: corrected demand stands where it differs from sales."""
    cleaned = (
        ", demand as corrected for stockouts and oddities" if say.number("chart.corrected") else ""
    )
    return (
        f"Here is {say('item.sku')} ({say('item.name')}) at {say('place.location')}: what sold"
        f"{cleaned}, and the forecast with its band."
    )


def accuracy(say: Words) -> str:
    """How good forecasts were, and on what that rests."""
    if say.outcome == "none":
        return "There is too little history to say how good the forecasts are."
    about = f" of {say('item.sku')} ({say('item.name')})" if say.has("item.sku") else ""
    rests = (
        f"Plans of record compared with what happened from {say('accuracy.first')} to "
        f"{say('accuracy.last')}"
        if say.has("accuracy.first") and say.has("accuracy.last")
        else "There are no earlier plans to compare with yet, so this rests on rolling origins"
    )
    parts = [f"{rests}: the forecast{about} has an error of {say('accuracy.final')}{_naive(say)}."]
    if say.has("accuracy.bias"):
        parts.append(f"It runs {say('accuracy.bias')} {say('accuracy.bias_direction')}.")
    return " ".join([*parts, *_overrides(say), *_signal(say)])


def _naive(say: Words) -> str:
    if not say.has("accuracy.naive"):
        return ""
    return f", against {say('accuracy.naive')} of repeating what sold the week before"


def _overrides(say: Words) -> list[str]:
    if not say.has("accuracy.before_overrides"):
        return []
    return [
        (
            f"Where people had overridden it, the error was {say('accuracy.after_overrides')} "
            f"with the override and would have been {say('accuracy.before_overrides')} without: "
            f"the overrides {say('accuracy.overrides_verdict')}."
        )
    ]


def _signal(say: Words) -> list[str]:
    if say.has("accuracy.signal"):
        told = (
            f"Its tracking signal is {say('accuracy.signal')}, which is {say('accuracy.verdict')}."
        )
        # The backtest's bias averages overlapping origins: the two may differ in direction.
        other = "" if say.has("accuracy.first") else f" {SIGNAL_OF_BACKTEST}"
        return [told + other]
    if not say.has("accuracy.alarms"):
        return []
    series = say.count("accuracy.alarms", "forecast has", "forecasts have")
    return [f"{series} a tracking signal beyond the alarm, of {say('accuracy.series')} in all."]
