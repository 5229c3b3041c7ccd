"""An answer: paragraphs whose figures know their facts, tables of facts, actions, charts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from agent.grounding.formats import shown
from agent.grounding.render import Paragraph, Span
from agent.llm.port import Step
from tools.facts import Fact
from tools.result import ChartRequest, FactTable, OfferedAction

NUMERIC = frozenset(
    {"money", "unit_price", "units", "packs", "count", "days", "weeks", "ratio", "percent"}
)


@dataclass(frozen=True)
class Cell:
    text: str
    fact_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    header: str
    is_numeric: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    """`rest` says how many rows were left out; empty when none were."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`run_ids` are the plan runs whose figures it shows."""

    turn_id: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    actions: tuple[OfferedAction, ...] = ()
    charts: tuple[ChartRequest, ...] = ()
    waits: tuple[str, ...] = ()
    run_ids: tuple[str, ...] = ()
    outcome: str = "clean"
    model: str = ""

    @property
    def text(self) -> str:
        """The prose as plain text, a line per paragraph."""
        return "\n".join("".join(span.text for span in line) for line in self.paragraphs)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Answer":
        """What `to_json` made."""
        return Answer(
            turn_id=stored["turn_id"],
            paragraphs=tuple(tuple(Span(**span) for span in line) for line in stored["paragraphs"]),
            tables=tuple(_table(table) for table in stored["tables"]),
            actions=tuple(OfferedAction(**action) for action in stored["actions"]),
            charts=tuple(ChartRequest(**chart) for chart in stored["charts"]),
            waits=tuple(stored["waits"]),
            run_ids=tuple(stored["run_ids"]),
            outcome=stored["outcome"],
            model=stored["model"],
        )


def plain_answer(text: str, *, turn_id: str = "", outcome: str = "clean") -> Answer:
    """A sentence of our own code as an answer."""
    return Answer(turn_id=turn_id, paragraphs=((Span(text),),), outcome=outcome)


def answer_view(
    *,
    turn_id: str,
    paragraphs: tuple[Paragraph, ...],
    steps: Sequence[Step],
    facts: Mapping[str, Fact],
    locale: str,
    outcome: str,
    model: str,
) -> Answer:
    """Everything a surface shows of a turn; tables come from the tools, never from the model."""
    results = [step.result for step in steps if step.result is not None]
    return Answer(
        turn_id=turn_id,
        paragraphs=paragraphs,
        tables=tuple(
            table_view(table, facts, locale)
            for result in results
            for table in result.tables
            if table.rows
        ),
        actions=tuple(dict.fromkeys(a for result in results for a in result.actions)),
        charts=tuple(chart for result in results for chart in result.charts),
        waits=tuple(dict.fromkeys(wait for result in results for wait in result.waits)),
        run_ids=tuple(sorted({r.run_id for r in results if r.run_id is not None})),
        outcome=outcome,
        model=model,
    )


def table_view(table: FactTable, facts: Mapping[str, Fact], locale: str) -> Table:
    """Facts as formatted cells; a column none of whose rows has anything is left out."""
    kept = [i for i in range(len(table.columns)) if any(row[i] for row in table.rows)]
    return Table(
        title=table.title,
        columns=tuple(
            Column(header=table.columns[i], is_numeric=_is_numeric(table, i, facts)) for i in kept
        ),
        rows=tuple(tuple(_cell(row[i], facts, locale) for i in kept) for row in table.rows),
        rest=shown(facts[table.rest], locale) if table.rest else "",
    )


def _cell(fact_id: str, facts: Mapping[str, Fact], locale: str) -> Cell:
    if not fact_id:
        return Cell("")
    return Cell(shown(facts[fact_id], locale, in_table=True), fact_id)


def _is_numeric(table: FactTable, index: int, facts: Mapping[str, Fact]) -> bool:
    kinds = {facts[row[index]].kind for row in table.rows if row[index]}
    return kinds <= NUMERIC


def _table(stored: Mapping[str, Any]) -> Table:
    return Table(
        title=stored["title"],
        columns=tuple(Column(**column) for column in stored["columns"]),
        rows=tuple(tuple(Cell(**cell) for cell in row) for row in stored["rows"]),
        rest=stored["rest"],
    )
