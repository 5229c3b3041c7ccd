"""How far back a replay goes, in the words people use for it."""

import re

from agent.language.figures import figures
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from engine.measure import MEASURES
from engine.service.kpi_names import OTHER_NAMES

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
    """One figure in full where it is asked for by parts of the company, or week by week."""
    arguments: dict[str, str] = {}
    if reading.period is not None:
        arguments["first"] = reading.period.first.isoformat()
        arguments["last"] = reading.period.last.isoformat()
    text = reading.text.lower()
    cut, name = _CUTS.search(text), _figure(text)
    if name is not None and (cut or _COURSE.search(text)):
        arguments["name"] = name
        if cut:
            arguments["by"] = _CUT_NAMES[cut[1]]
    return Reply(calls=(Call(tool="kpi_report", arguments=arguments),))


_CUTS = re.compile(
    r"\b(?:by|per|for each) "
    r"(class|abc|a/b/c|category|location|place|warehouse|supplier|vendor)\b"
)
_CUT_NAMES = {
    "class": "class", "abc": "class", "a/b/c": "class", "category": "category",
    "location": "location", "place": "location", "warehouse": "location",
    "supplier": "supplier", "vendor": "supplier",
}  # fmt: skip
_COURSE = re.compile(r"\b(trend|week by week|weekly|over time|in full|history of)\b")


def _figure(text: str) -> str | None:
    """The longest name of a key figure that stands in the text."""
    plain = text.replace("-", " ")
    names = sorted((*MEASURES, *OTHER_NAMES), key=len, reverse=True)
    return next((name for name in names if re.search(rf"\b{re.escape(name)}\b", plain)), None)
