"""The plan on screen under a supposition, against it as it is: a difference of two solves."""

from typing import Annotated, Literal

from pydantic import Field

from engine.errors import InvalidInput
from engine.model.money import MICROS, exponent
from engine.model.supposed import Supposed
from engine.service.reading import RunHeader
from tools.compare_plans import add_comparison
from tools.context import ToolContext
from tools.names import names_of, require_item, require_supplier
from tools.result import OfferedAction, ToolResult
from tools.runs import ledger_for, mark_hypothetical, shown_run
from tools.supposing import add_supposed, plan_under_supposed
from tools.tool import Arguments, Tool

Amount = Annotated[int, Field(gt=0)]
POINTS = 10_000  # basis points of the whole


class WhatIf(Arguments):
    budget_minor: Amount | None = Field(
        default=None, description="the other budget, minor units of the base currency"
    )
    extra_minor: Amount | None = Field(
        default=None, description="so much on top of the budget on screen, in place of budget_minor"
    )
    supplier: str | None = Field(default=None, description="whose lead time or terms are others")
    slower_days: Annotated[int, Field(ge=0, le=365)] | None = Field(
        default=None, description="the supplier takes so many days longer"
    )
    faster_days: Annotated[int, Field(ge=0, le=365)] | None = Field(
        default=None, description="the supplier takes so many days less"
    )
    spread_basis_points: Annotated[int, Field(ge=0, le=50_000)] | None = Field(
        default=None, description="its lead times spread so much as now: 20000 is twice, 5000 half"
    )
    service_basis_points: Annotated[int, Field(gt=0, lt=POINTS)] | None = Field(
        default=None, description="service aimed at: 9800 is 98 %"
    )
    service: Literal["cycle_service", "fill_rate"] | None = Field(
        default=None, description="which service; null: cycle service, or as the plan has it"
    )
    sku: str | None = Field(default=None, description="the item whose terms are others")
    minimum_units: Amount | None = Field(default=None, description="another minimum order quantity")
    price_minor: Amount | None = Field(
        default=None,
        description="another unit price in the supplier's currency, scaled as base currency is",
    )
    no_break_units: Amount | None = Field(
        default=None, description="the price break from so many units on is gone"
    )


def what_if(arguments: WhatIf, context: ToolContext) -> ToolResult:
    run = shown_run(context)
    supposed = _supposed(arguments, run, context)
    other = context.compute.watched(
        plan_under_supposed, context.stores, run.id, supposed, context.now,
        progress=context.progress,
    )  # fmt: skip
    ledger = ledger_for(other)
    mark_hypothetical(ledger, run, context)
    names = names_of(context.stores, run)
    add_supposed(ledger, names, supposed, _currency(supposed, run, context))
    add_comparison(ledger, names, context.stores, run, other)
    ledger.offer(OfferedAction(kind="say", label="Draft these orders", text="Draft it"))
    return ledger.result("compared" if supposed.is_budget_only else "supposed")


def _supposed(arguments: WhatIf, run: RunHeader, context: ToolContext) -> Supposed:
    """The arguments as a supposition; raises InvalidInput where nothing is another."""
    names = names_of(context.stores, run)
    supplier, sku = arguments.supplier, arguments.sku

    points, spread = arguments.service_basis_points, arguments.spread_basis_points
    supposed = Supposed(
        budget_minor=_budget(arguments, run),
        objective=arguments.service,
        service_target=None if points is None else points / POINTS,
        supplier=None if supplier is None else require_supplier(names, supplier).code,
        later_days=_later(arguments),
        spread=None if spread is None else spread / POINTS,
        sku=None if sku is None else require_item(context.stores, run, sku).code,
        minimum_units=arguments.minimum_units,
        price_micros=_price(arguments, run),
        no_break_at=arguments.no_break_units,
    )
    if supposed.budget_minor is None and supposed.is_budget_only:
        raise InvalidInput(
            "Say what is supposed: another budget, lead time, service, minimum or price."
        )
    return supposed


def _budget(arguments: WhatIf, run: RunHeader) -> int | None:
    if arguments.extra_minor is None:
        return arguments.budget_minor
    return arguments.extra_minor + (
        run.allocation.spent_minor if run.budget_minor is None else run.budget_minor
    )


def _later(arguments: WhatIf) -> int | None:
    if arguments.faster_days is not None:
        return -arguments.faster_days
    return arguments.slower_days


def _price(arguments: WhatIf, run: RunHeader) -> int | None:
    """Of one unit, in the supplier's currency.

    The figure a person said was scaled by the base currency's digits, as every amount of an
    argument is (agent.grounding.provenance), so it is scaled back by them, whatever the supplier's.
    """
    if arguments.price_minor is None:
        return None
    return arguments.price_minor * MICROS // 10 ** exponent(run.currency)


def _currency(supposed: Supposed, run: RunHeader, context: ToolContext) -> str:
    """That in which the item is bought."""
    blob = run.artefacts.get("candidate_items")
    if supposed.price_micros is None or blob is None:
        return run.currency
    found = context.stores.blobs.find_rows(blob, {"sku": supposed.sku or ""})["currency"]
    return str(found[0]) if len(found) else run.currency


TOOL = Tool(
    name="what_if",
    mode="read",
    description=(
        "The plan on screen beside the same plan with something supposed: another budget, a "
        "supplier slower or less regular, another service, minimum, price or no price break. Cost, "
        "expected profit, what is lost, and the lines that change."
    ),
    arguments=WhatIf,
    run=what_if,
)
