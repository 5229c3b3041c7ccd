"""Narrow a person's own answers to a place or a category from now on, or stop doing so."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from engine.service.preferences import Preference, set_preference as keep
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import names_of, require_category, require_location
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool

WORDS: dict[str, str] = {"location": "place", "category": "category", "currency": "currency"}


class SetPreference(Arguments):
    kind: Literal["location", "category", "currency"] = Field(description="what is narrowed")
    value: str | None = Field(default=None, description="as the person named it; null: no more")


def set_preference(arguments: SetPreference, context: ToolContext) -> ToolResult:
    value = _known(arguments.kind, arguments.value, context)
    holds = keep(context.stores, arguments.kind, value, person=context.person, now=context.now)
    ledger = shown(holds, context)
    ledger.add("preference.name", WORDS[arguments.kind], "name", "what was set")
    if value is not None:
        ledger.add("preference.value", _said(arguments.kind, value, context), "name", "now")
    return ledger.result("cleared" if value is None else "set")


def _known(name: Preference, value: str | None, context: ToolContext) -> str | None:
    """The code of what was named; raises UnknownName or Ambiguous."""
    if value is None or name == "currency":
        return None if value is None else value.strip().upper()
    names = names_of(context.stores, current_run(context))
    if name == "location":
        return require_location(names, value).code
    return require_category(names, value)


def _said(name: str, value: str, context: ToolContext) -> str:
    if name != "location":
        return value
    names = names_of(context.stores, current_run(context))
    return names.locations.get(value) or value


def shown(holds: Mapping[str, str], context: ToolContext) -> Ledger:
    """A ledger with a table of all that holds."""
    ledger = ledger_for(current_run(context))
    ledger.add("preference.count", len(holds), "count", "preferences that hold")
    rows = tuple(
        (
            ledger.add(f"preference.{name}.name", WORDS[name], "name", "preference"),
            ledger.add(f"preference.{name}.is", _said(name, value, context), "name", "its value"),
        )
        for name, value in holds.items()
    )
    ledger.table(
        FactTable(name="preferences", title="Your answers", columns=("What", "Now"), rows=rows)
    )
    return ledger


TOOL = Tool(
    name="set_preference",
    mode="write",
    description=(
        "Narrow the person's own answers to a place or category from now on, or stop (null). It "
        "changes no plan."
    ),
    arguments=SetPreference,
    run=set_preference,
)
