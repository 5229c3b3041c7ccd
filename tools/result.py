"""What a tool hands over: facts, tables of facts, entities and what a person may do next."""

from dataclasses import dataclass, replace
from typing import Literal

from tools.facts import Entity, Fact

ActionKind = Literal[
    "say",  # the person says `text`, as if typed
    "decide",  # the person decides on the approval request `target`
    "decide-budget",  # the person decides on the budget proposal `target`
]


@dataclass(frozen=True, kw_only=True)
class OfferedAction:
    """A button. It holds ids, never amounts; pressing it is the person's act, not the model's."""

    kind: ActionKind
    label: str
    text: str = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class FactTable:
    """A table whose every cell is a fact id ("" is empty); code renders it, no model writes it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: str = ""  # id of the fact that counts the rows left out


@dataclass(frozen=True, kw_only=True)
class ChartRequest:
    """A picture that the surface draws from the run; the reply only mentions it.

    A forecast is of one item in one place; what a budget is worth, of the whole run; a key figure
    (`name`), of the weeks up to `last`, an ISO date, and of the parts that it was cut by.
    """

    kind: Literal["forecast", "budget", "kpi"]
    run_id: str
    sku: str = ""
    location: str = ""
    name: str = ""
    last: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class ToolResult:
    """Prose-free. `outcome` names the situation, so that a composer can choose its words."""

    outcome: str
    facts: tuple[Fact, ...] = ()
    tables: tuple[FactTable, ...] = ()
    entities: tuple[Entity, ...] = ()
    actions: tuple[OfferedAction, ...] = ()
    charts: tuple[ChartRequest, ...] = ()
    waits: tuple[str, ...] = ()  # ids of approval requests that people are now asked to decide
    run_id: str | None = None


def with_prefix(result: ToolResult, prefix: str) -> ToolResult:
    """The same result with every fact id prefixed, so that two calls of one tool stay apart."""

    def renamed(fact_id: str) -> str:
        return f"{prefix}{fact_id}" if fact_id else ""

    return replace(
        result,
        facts=tuple(
            replace(fact, id=renamed(fact.id), inputs=tuple(map(renamed, fact.inputs)))
            for fact in result.facts
        ),
        tables=tuple(
            replace(
                table,
                rows=tuple(tuple(map(renamed, row)) for row in table.rows),
                rest=renamed(table.rest),
            )
            for table in result.tables
        ),
    )
