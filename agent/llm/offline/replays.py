"""How far back a replay goes, in the words people use for it."""

import re

from agent.language.figures import figures
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply

WHOLE_YEAR, HALF_YEAR, QUARTER = 52, 26, 13
_FIXED = (
    (re.compile(r"\b(half (a |the )?year|half-year|six months|6 months|26 weeks)\b"), HALF_YEAR),
    (re.compile(r"\b(quarter|three months|3 months|13 weeks)\b"), QUARTER),
    (re.compile(r"\b(last|past|whole|a|one|the) year\b|\b(twelve|12) months\b"), WHOLE_YEAR),
)
_RULES = re.compile(r"\bmin.{0,3}max\b|\bre-?order points?\b|\bweeks of cover\b|\brules?\b")
WEEKS_OF_MONTH = 52 / 12
MOST = 104


def replay(reading: Reading, _question: Question) -> Reply:
    """Rules are compared over half a year where no time is named: a week says nothing of them."""
    weeks = _weeks(reading.text.lower())
    if weeks is None and _RULES.search(reading.text.lower()):
        weeks = HALF_YEAR
    arguments = {} if weeks is None else {"weeks": weeks}
    return Reply(calls=(Call(tool="replay_week", arguments=arguments),))


def _weeks(text: str) -> int | None:
    for pattern, weeks in _FIXED:
        if pattern.search(text):
            return weeks
    for figure in figures(text):
        per = {"weeks": 1.0, "months": WEEKS_OF_MONTH}.get(figure.kind)
        if per is not None:
            return min(max(round(float(figure.value) * per), 1), MOST)
    return None


def kpis(reading: Reading, _question: Question) -> Reply:
    if reading.period is None:
        return Reply(calls=(Call(tool="kpi_report"),))
    first, last = reading.period.first.isoformat(), reading.period.last.isoformat()
    return Reply(calls=(Call(tool="kpi_report", arguments={"first": first, "last": last}),))
