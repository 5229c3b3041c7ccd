"""Mints the facts of one tool result, so that each carries its run, snapshot and a unique id."""

from collections.abc import Iterable

from tools.facts import Entity, Fact, FactKind, Value
from tools.result import ChartRequest, FactTable, OfferedAction, ToolResult

# Characters of a text from data, and of a sentence of the engine, that a reply may carry.
TEXT_LIMITS = {"name": 120, "sentence": 300, "status": 40}


class Ledger:
    """Collects what one tool call found. `add` returns the fact's id, for tables and formulas."""

    def __init__(
        self, *, run_id: str | None = None, snapshot_id: str | None = None, currency: str = ""
    ) -> None:
        self.run_id = run_id
        self._snapshot_id = snapshot_id
        self._currency = currency
        self._facts: dict[str, Fact] = {}
        self._entities: dict[str, Entity] = {}
        self._tables: list[FactTable] = []
        self._actions: list[OfferedAction] = []
        self._charts: list[ChartRequest] = []
        self._waits: list[str] = []

    def add(
        self,
        id: str,  # noqa: A002  the field's own name
        value: Value,
        kind: FactKind,
        label: str,
        *about: Entity,
        currency: str | None = None,
        is_estimate: bool = False,
        is_asked: bool = False,
        inputs: Iterable[str] = (),
        formula: str | None = None,
    ) -> str:
        """A fact; money is in the ledger's currency unless one is named."""
        priced = kind in ("money", "unit_price")
        self._facts[id] = Fact(
            id=id,
            value=_as_text(value, kind) if kind in TEXT_LIMITS else value,
            kind=kind,
            label=label,
            about=tuple(self.know(entity).ref for entity in about),
            currency=(currency or self._currency) if priced else None,
            is_estimate=is_estimate,
            is_asked=is_asked,
            run_id=self.run_id,
            snapshot_id=self._snapshot_id,
            inputs=tuple(inputs),
            formula=formula,
        )
        return id

    def add_all(self, rows: Iterable[tuple[str, Value, FactKind, str]], *about: Entity) -> None:
        """Facts given as (id, value, kind, label), all about the same things."""
        for fact_id, value, kind, label in rows:
            self.add(fact_id, value, kind, label, *about)

    def id_if_known(self, id: str) -> str:  # noqa: A002  as above
        """The id of a fact that exists, else the empty cell."""
        return id if id in self._facts else ""

    def carry(self, fact: Fact) -> str:
        """A fact found earlier, with the run and snapshot it was found in."""
        self._facts[fact.id] = fact
        return fact.id

    def know(self, entity: Entity) -> Entity:
        """Allow replies to name the entity."""
        self._entities.setdefault(entity.ref, entity)
        return entity

    def code(self, id: str, entity: Entity) -> str:  # noqa: A002  as above
        """The entity's code as a fact, for codes that look like figures and for table cells."""
        return self.add(id, entity.code, "name", f"{entity.kind} code", entity)

    def name(self, id: str, entity: Entity) -> str:  # noqa: A002  as above
        return self.add(id, entity.name or entity.code, "name", f"{entity.kind} name", entity)

    def rest(self, id: str, count: int, label: str) -> str:  # noqa: A002  as above
        """How many rows a table leaves out, for its last line; empty when none are.

        It depends on how many rows were asked for, so a reply does not cite it.
        """
        return self.add(id, count, "count", label, is_asked=True) if count else ""

    def table(self, table: FactTable) -> None:
        self._tables.append(table)

    def offer(self, action: OfferedAction) -> None:
        self._actions.append(action)

    def chart(self, chart: ChartRequest) -> None:
        self._charts.append(chart)

    def wait(self, request_id: str) -> None:
        """People are asked to decide on this approval request."""
        self._waits.append(request_id)

    def result(self, outcome: str) -> ToolResult:
        return ToolResult(
            outcome=outcome,
            facts=tuple(self._facts.values()),
            tables=tuple(self._tables),
            entities=tuple(self._entities.values()),
            actions=tuple(self._actions),
            charts=tuple(self._charts),
            waits=tuple(self._waits),
            run_id=self.run_id,
        )


def _as_text(value: Value, kind: FactKind) -> str:
    text = _plain_text(value, TEXT_LIMITS[kind])
    return _as_sentence(text) if kind == "sentence" else text


def _as_sentence(text: str) -> str:
    """With a capital and a full stop; an empty one stays empty."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def _plain_text(value: Value, limit: int) -> str:
    """Text on one line, without control characters, capped."""
    visible = "".join(c if c.isprintable() else " " for c in str(value))
    line = " ".join(visible.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
