"""Sentences on how reliable suppliers are."""

from agent.statements.words import Words


def scorecard(say: Words) -> str:
    if say.outcome == "none":
        return "There is no order in the time I looked at, so there is nothing to judge."
    if say.outcome == "one":
        return " ".join(part for part in _one(say, "supplier") if part)
    worst = " ".join(part for part in _one(say, "supplier.1")[:2] if part)
    suppliers = say.count("suppliers.count", "supplier", "suppliers")
    return (
        f"Of {suppliers} with orders since {say('suppliers.first')}, the least reliable: {worst} "
        f"If each kept the spread of its steadiest spell, about {say('suppliers.freed')} of safety "
        "stock would be free."
    )


def _one(say: Words, who: str) -> list[str]:
    return [_kept(say, who), _times(say, who), _dates(say, who), _goods(say, who), _money(say, who)]


def _kept(say: Words, who: str) -> str:
    name = say(f"{who}.name")
    if not say.has(f"{who}.otif_share"):
        return f"{name}: no order line fell due in the time I looked at."
    due = say.count(f"{who}.judged_lines", "line", "lines")
    return (
        f"{name} kept {say(f'{who}.otif_share')} of {due} on time in full (on time "
        f"{say(f'{who}.on_time_share')}, in full {say(f'{who}.in_full_share')})."
    )


def _times(say: Words, who: str) -> str:
    if not say.has(f"{who}.mean_days"):
        return ""
    trend = ""
    if say.value(f"{who}.trend") in ("slower", "faster"):
        trend = f", and it gets {say(f'{who}.trend')} (by {say(f'{who}.trend_days')})"
    return (
        f"Its lead time is {say(f'{who}.mean_days')}, give or take {say(f'{who}.sd_days')}{trend}."
    )


def _dates(say: Words, who: str) -> str:
    said = {
        "stated": "by its own statement",
        "promised": "by the dates on its orders",
        "confirmed": "by the dates it gave back",
    }
    parts = [
        f"{say(f'{who}.{name}_days')} {words}"
        for name, words in said.items()
        if say.has(f"{who}.{name}_days")
    ]
    return f"It should be {', '.join(parts)}." if parts else ""


def _goods(say: Words, who: str) -> str:
    parts: list[str] = []
    if say.number(f"{who}.rejected_share") > 0:
        parts.append(f"{say(f'{who}.rejected_share')} of the units were not good")
    if say.number(f"{who}.cancelled_share") > 0:
        parts.append(f"{say(f'{who}.cancelled_share')} of the units it took back")
    if say.value(f"{who}.price") in ("above list", "below list"):
        parts.append(f"prices {say(f'{who}.price_variance')} {say(f'{who}.price')}")
    if say.number(f"{who}.overdue_lines") > 0:
        overdue = say.count(f"{who}.overdue_lines", "line", "lines")
        parts.append(f"{overdue} past their day")
    return f"Besides, {'; '.join(parts)}." if parts else ""


def _money(say: Words, who: str) -> str:
    if not say.has(f"{who}.safety_minor"):
        return ""
    freed = [
        f"{say(f'{who}.{name}')} {words}"
        for name, words in (
            ("freed_best_quarter_minor", "with the spread of its steadiest spell"),
            ("freed_promised_minor", "if it kept its promised days"),
        )
        if say.has(f"{who}.{name}")
    ]
    held = f"Safety stock of its items ties up about {say(f'{who}.safety_minor')}"
    return f"{held}; free would be about {' and '.join(freed)}." if freed else f"{held}."
