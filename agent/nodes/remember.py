"""What a thread remembers of a turn, whichever model answered it."""

from collections.abc import Sequence
from dataclasses import replace

from agent.llm.port import Step
from agent.memory import Memory, PastCall, Pending, recent_first
from tools.result import ToolResult

# Tools whose run is what the person is looking at from now on.
_SHOWS_RUN = frozenset({"rank_buys", "what_if"})
# Looking these up does not change what "the same again" means.
_ASIDES = frozenset({"show_help", "show_source", "show_budget"})


def remembered(
    memory: Memory, steps: Sequence[Step], pending: Pending | None, run_id: str | None = None
) -> Memory:
    """The memory after these calls; a turn without any only sets what it asked.

    `run_id` is the plan of record of the turn: a list stays good for as long as that does.
    """
    done = [step for step in steps if step.result is not None]
    main = [step for step in done if step.call.tool not in _ASIDES]
    after = replace(memory, pending=pending)
    for step in main:
        after = _after(after, step, run_id)
    if main and pending is None:
        calls = tuple(PastCall(tool=s.call.tool, arguments=s.call.arguments) for s in main)
        after = replace(after, calls=calls)
    return after


def _after(memory: Memory, step: Step, run_id: str | None) -> Memory:
    result = step.result
    assert result is not None  # noqa: S101  only steps that are done come here
    arguments = step.call.arguments
    rows = _listed(result)
    is_list = len(rows) > 1 and not arguments.get("sku")
    named = [str(arguments["sku"])] if arguments.get("sku") else [sku for sku, _ in rows]
    shows_run = step.call.tool in _SHOWS_RUN
    past = PastCall(tool=step.call.tool, arguments=arguments)
    return replace(
        memory,
        items=recent_first(named, memory.items),
        item_place=_place_of(arguments, rows) if named else memory.item_place,
        listed=tuple(sku for sku, _ in rows) if is_list else memory.listed,
        listed_places=tuple(place for _, place in rows) if is_list else memory.listed_places,
        listed_on=run_id if is_list else memory.listed_on,
        is_list_stale=memory.is_list_stale and not is_list,
        orders=recent_first(_codes(result, "po"), memory.orders),
        suppliers=recent_first(_codes(result, "supplier"), memory.suppliers),
        location=arguments.get("location") or memory.location,
        buy_list=past if shows_run else memory.buy_list,
        shown_run_id=result.run_id if shows_run else memory.shown_run_id,
    )


def _place_of(arguments: dict[str, object], rows: Sequence[tuple[str, str]]) -> str | None:
    """Where "it" is meant: as asked, or as the first line of a list says."""
    asked = arguments.get("location")
    if isinstance(asked, str):
        return asked
    return rows[0][1] or None if rows and not arguments.get("sku") else None


def _listed(result: ToolResult) -> list[tuple[str, str]]:
    """SKU and location of each row of the first table about items, in its order."""
    values = {fact.id: str(fact.value) for fact in result.facts}
    for table in result.tables:
        if "SKU" not in table.columns:
            continue
        sku = table.columns.index("SKU")
        place = table.columns.index("Where") if "Where" in table.columns else None
        return [
            (values[row[sku]], values.get(row[place], "") if place is not None else "")
            for row in table.rows
            if row[sku]
        ]
    return [(e.code, "") for e in result.entities if e.kind == "item"][:1]


def _codes(result: ToolResult, kind: str) -> list[str]:
    return [entity.code for entity in result.entities if entity.kind == kind]
