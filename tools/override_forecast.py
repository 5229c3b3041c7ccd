"""Set a forecast because a person knows better: by a percentage, units, or a range."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from engine.errors import InvalidInput
from engine.model.people_plans import Override
from engine.service import demand_decisions
from engine.service.demand_decisions import DemandDecision
from engine.service.overrides import add_override, require_override
from engine.service.reading import RunHeader
from tools.cells import rounded
from tools.context import ToolContext
from tools.demand_effect import add_effect, effect_of
from tools.ledger import Ledger
from tools.names import Names, names_of, require_item, require_location
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.shares import SAID, Change, share_of
from tools.tool import Arguments, Tool
from tools.what_if_demand import add_plan

Units = Annotated[int, Field(ge=0)]
_SIGNS = {"raise": 1.0, "lower": -1.0}


class OverrideForecast(Arguments):
    sku: str = Field(description="exact SKU")
    location: str | None = Field(default=None, description="null: all locations together")
    direction: Literal["raise", "lower", "set"] = Field(
        description="raise or lower by a percentage, or set to units or to a range"
    )
    change_basis_points: Change | None = Field(
        default=None, description=f"raise or lower by this, {SAID}"
    )
    units: Units | None = Field(default=None, description="set to this many")
    low_units: Units | None = Field(default=None, description="lower end of a range")
    high_units: Units | None = Field(default=None, description="upper end of a range")
    per: Literal["period", "week", "day"] = Field(
        default="week", description="what the units are of"
    )
    first: date | None = Field(default=None, description="first day; null: from now on")
    last: date | None = Field(
        default=None, description="last day; null: until it is looked at again in a quarter"
    )
    reason: str | None = Field(default=None, description="why, in the person's own words")


def override_forecast(arguments: OverrideForecast, context: ToolContext) -> ToolResult:
    """Its effect is computed before it is stored: a refusal leaves nothing behind."""
    run = current_run(context)
    names = names_of(context.stores, run)
    wanted = _wanted(arguments, context, run, names)
    demand_decisions.require_may_decide(context.stores, context.person)
    require_override(context.stores, wanted)
    change = effect_of(context, run.id, wanted)
    made = add_override(context.stores, wanted, person=context.person, now=context.now)
    ledger = ledger_for(run)
    add_plan(ledger, names, wanted)
    add_override_facts(ledger, names, made)
    if change is not None:
        add_effect(ledger, names, change, names.item(wanted.sku))
    ledger.offer(
        OfferedAction(kind="say", label="Take it back", text=f"Withdraw decision {made.id}")
    )
    return ledger.result("set" if change is not None else "set-beyond")


def _wanted(
    arguments: OverrideForecast, context: ToolContext, run: RunHeader, names: Names
) -> Override:
    item = require_item(context.stores, run, arguments.sku)
    place = require_location(names, arguments.location).code if arguments.location else ""
    points, per = arguments.change_basis_points, arguments.per
    if (points is None) != (arguments.direction == "set"):
        raise InvalidInput("Raise or lower by a percentage, or set to units: say either.")
    factor = None if points is None else 1.0 + _SIGNS[arguments.direction] * share_of(points)
    if points is not None and factor is not None and factor < 0:
        raise InvalidInput(
            f"A forecast cannot be lowered by {points / 100:g} %; say 100 % or less."
        )
    return Override(
        sku=item.code, location=place, start=arguments.first or run.as_of, end=arguments.last,
        factor=factor, units=arguments.units, low=arguments.low_units, high=arguments.high_units,
        per=per if factor is None else "period", reason=arguments.reason or "",
    )  # fmt: skip


def add_override_facts(ledger: Ledger, names: Names, made: DemandDecision[Override]) -> None:
    """What was set, by whom, until when: facts `override.*`."""
    override = made.content
    item = names.item(override.sku)
    ledger.add("decision.number", made.id, "count", "number of the decision", item)
    if override.factor is not None:
        ledger.add("override.percent", round(abs(override.factor - 1.0), 4), "percent",
                   "change of the forecast", item)  # fmt: skip
        ledger.add("override.direction", "higher" if override.factor > 1 else "lower", "status",
                   "direction of the override", item)  # fmt: skip
    each = "" if override.per == "period" else f" per {override.per}"
    parts = (("units", override.units, "forecast set"), ("low", override.low, "lower end set"),
             ("high", override.high, "upper end set"))  # fmt: skip
    for name, units, label in parts:
        if units is not None:
            ledger.add(f"override.{name}", rounded(units), "units", f"{label}{each}", item)
    ledger.add("override.per", override.per, "name", "what the units are of", item)
    if override.reason:
        ledger.add("override.reason", override.reason, "name", "reason given", item)
    if made.expires_on is not None and override.end is None:
        ledger.add("override.review", made.expires_on, "date", "day it is looked at again", item)


TOOL = Tool(
    name="override_forecast",
    mode="write",
    description=(
        "Set a forecast as the person says: raise or lower it by a percentage, set it to units a "
        "week, or to a range, for a time, with the person's reason. It shows what changes."
    ),
    arguments=OverrideForecast,
    run=override_forecast,
)
