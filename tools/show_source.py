"""Where the figures of the last answer come from: run, snapshot, formula, inputs."""

from dataclasses import replace
from typing import Annotated, Any, cast, get_args

from pydantic import Field

from engine.service import conversation
from engine.service.conversation import StoredFact, StoredTurn
from tools.context import ToolContext
from tools.facts import Fact, FactKind
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

LOOKED_BACK = 5  # answered turns


class ShowSource(Arguments):
    top: Annotated[int, Field(ge=1, le=40)] = Field(default=12, description="how many figures")


def show_source(arguments: ShowSource, context: ToolContext) -> ToolResult:
    """Figures are shown as they were found, with the run they came from, older or not."""
    run = current_run(context)
    ledger = ledger_for(run)
    for turn in conversation.recent_turns(context.stores, context.thread_id, LOOKED_BACK):
        facts = [
            fact_of(stored)
            for stored in conversation.facts_of(context.stores, turn.id)
            if stored.call_ordinal != conversation.USERS_OWN and stored.run_id is not None
        ]
        figures = [fact for fact in facts if fact.kind not in ("name", "sentence", "status")]
        if figures:
            return _listed(ledger, _cited_first(figures, turn), run.id, arguments.top)
    return ledger.result("none")


def _cited_first(figures: list[Fact], turn: StoredTurn) -> list[Fact]:
    """Figures of the answer's sentences in their order, then those of its tables."""
    lines: list[list[dict[str, Any]]] = (turn.answer or {}).get("paragraphs", [])
    cited = [span["fact_id"] for line in lines for span in line if span["fact_id"]]
    place = {fact_id: number for number, fact_id in enumerate(dict.fromkeys(cited))}
    return sorted(figures, key=lambda fact: place.get(fact.id, len(place)))


def fact_of(stored: StoredFact) -> Fact:
    """A stored fact as it was."""
    assert stored.kind in get_args(FactKind), stored.kind  # noqa: S101  we stored it
    detail = stored.detail
    return Fact(
        id=stored.id,
        value=stored.value,
        kind=cast("FactKind", stored.kind),
        label=stored.label,
        about=tuple(detail.get("about", ())),
        currency=detail.get("currency"),
        is_estimate=bool(detail.get("is_estimate", False)),
        is_asked=bool(detail.get("is_asked", False)),
        run_id=stored.run_id,
        snapshot_id=stored.snapshot_id,
        inputs=tuple(detail.get("inputs", ())),
        formula=stored.formula,
    )


def _listed(ledger: Ledger, figures: list[Fact], run_id: str, top: int) -> ToolResult:
    labels = {fact.id: fact.label for fact in figures}
    rows = tuple(
        _row(ledger, f"source.{number}", fact, labels)
        for number, fact in enumerate(figures[:top], start=1)
    )
    rest = len(figures) - len(rows)
    ledger.add("source.count", len(figures), "count", "figures behind the last answer")
    ledger.add("source.run", str(figures[0].run_id), "name", "plan run")
    ledger.add("source.snapshot", str(figures[0].snapshot_id), "name", "data snapshot")
    ledger.table(
        FactTable(
            name="sources",
            title="Where the figures come from",
            columns=("What", "About", "Figure", "Run", "Snapshot", "How"),
            rows=rows,
            rest=ledger.rest("source.rest", rest, "further figures"),
        )
    )
    is_current = all(fact.run_id == run_id for fact in figures)
    return ledger.result("current" if is_current else "older")


def _row(ledger: Ledger, prefix: str, fact: Fact, labels: dict[str, str]) -> tuple[str, ...]:
    inputs = ", ".join(labels[name] for name in fact.inputs if name in labels)
    how = fact.formula or ("read from the plan" if not inputs else "")
    about = ", ".join(ref.partition(":")[2] for ref in fact.about)
    return (
        ledger.add(f"{prefix}.label", fact.label, "name", "what the figure is"),
        ledger.add(f"{prefix}.about", about, "name", "what it is about") if about else "",
        ledger.carry(replace(fact, id=f"{prefix}.figure", inputs=())),
        ledger.add(f"{prefix}.run", str(fact.run_id), "name", "plan run"),
        ledger.add(f"{prefix}.snapshot", str(fact.snapshot_id), "name", "data snapshot"),
        ledger.add(f"{prefix}.how", f"{how} from {inputs}" if inputs else how, "name", "formula"),
    )


TOOL = Tool(
    name="show_source",
    mode="read",
    description="Where the figures of the last answer come from: plan run, snapshot, formula.",
    arguments=ShowSource,
    run=show_source,
)
