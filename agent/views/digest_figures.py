"""How the last four weeks went, in one line of a digest."""

from agent.grounding.formats import shown
from engine.measure import Kpi, KpiName
from engine.service.measure import KpiReport
from tools.facts import Fact
from tools.kpi_report import KINDS

TOLD: tuple[KpiName, ...] = ("fill rate", "stockout rate", "revenue saved", "cash in slow movers")


def figures_line(report: KpiReport | None, locale: str) -> str:
    """`Last 28 days: fill rate 98.2% (before 97.6%), ...`; empty without figures."""
    if report is None:
        return ""
    earlier = {kpi.name: kpi for kpi in report.before}
    told = [
        _told(kpi, earlier.get(kpi.name), report.currency, locale)
        for kpi in map(report.of, TOLD)
        if kpi.value is not None
    ]
    return f"Last {report.period.days} days: {', '.join(told)}." if told else ""


def _told(kpi: Kpi, before: Kpi | None, currency: str, locale: str) -> str:
    past = "" if before is None or before.value is None else _value(before, currency, locale)
    return f"{kpi.name} {_value(kpi, currency, locale)}" + (f" (before {past})" if past else "")


def _value(kpi: Kpi, currency: str, locale: str) -> str:
    assert kpi.value is not None  # noqa: S101  asked by both callers
    is_money = kpi.unit == "money"
    value = round(kpi.value) if is_money else round(kpi.value, 4)
    fact = Fact(
        id="", value=value, kind=KINDS[kpi.unit], label="", currency=currency, is_estimate=is_money
    )
    return shown(fact, locale)
