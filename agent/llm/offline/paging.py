"""Which part of a list is wanted: the next ones, all that is left, a page, the beginning again."""

import re

from agent.llm.offline import asides, slots
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall

MOST_ROWS = 50
# Rows that a list shows unless it is told another number.
PAGED = {
    "rank_buys": 10, "list_exceptions": 10, "propose_transfers": 10, "supplier_scorecard": 10,
    "forecast_accuracy": 10, "data_health": 10, "list_decisions": 20, "po_status": 15,
    "eta_promise": 12, "backorder_status": 12,
}  # fmt: skip
_PAGE = re.compile(r"\bpage <n>")
_BACK = re.compile(r"\b(?:previous|last page|page before|go back|back (?:a|one) page|back up)\b")
_START = re.compile(r"\bfirst (?:page|part)\b|\b(?:beginning|start|top) of (?:the|that) list\b")
_REST = re.compile(r"\b(?:rest|remaining|remainder|all of (?:it|them)|everything else)\b")


def more(reading: Reading, question: Question) -> Reply:
    """Another part of the list shown last, in the order in which it began."""
    call = next((call for call in question.memory.calls if call.tool in PAGED), None)
    if call is None:
        return Reply(draft=asides.MORE_OF_WHAT)
    top, skip = _part(reading, call)
    given = {name: value for name, value in call.arguments.items() if name not in ("top", "skip")}
    given |= {} if top == PAGED[call.tool] else {"top": top}
    given |= {"skip": skip} if skip else {}
    return Reply(calls=(Call(tool=call.tool, arguments=given),))


def rows_of(reading: Reading) -> dict[str, int]:
    """`the top five`: how many rows are wanted, which is no amount of money."""
    rows = slots.rows_wanted(reading)
    return {} if rows is None else {"top": min(rows, MOST_ROWS)}


def _part(reading: Reading, call: PastCall) -> tuple[int, int]:
    """How many rows, and after how many."""
    shown = int(call.arguments.get("top", PAGED[call.tool]))
    seen = int(call.arguments.get("skip", 0))
    if (page := _page(reading)) is not None:
        return shown, (page - 1) * shown
    if _START.search(reading.plain):
        return shown, 0
    if _BACK.search(reading.plain):
        return shown, max(seen - shown, 0)
    if _REST.search(reading.plain):
        return MOST_ROWS, seen + shown
    return rows_of(reading).get("top", shown), seen + shown


def _page(reading: Reading) -> int | None:
    """`page 2`: which one, from 1."""
    named = _PAGE.search(reading.plain)
    if named is None:
        return None
    before = len(slots.A_FIGURE.findall(reading.plain[: named.start()]))
    figure = reading.figures[before] if before < len(reading.figures) else None
    whole = figure is not None and slots.is_whole(figure.value) and figure.value >= 1
    return int(figure.value) if figure is not None and whole else None
