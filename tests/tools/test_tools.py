"""Every tool: typed arguments, facts of one run, bounded tables, no way to decide or send."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.bootstrap import Company
from engine.errors import InvalidInput, UnknownName
from support.agent import run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.facts import Fact
from tools.registry import BY_NAME, TOOLS
from tools.result import ToolResult, with_prefix
from tools.tool import Arguments, Tool


@pytest.fixture
def context(company: Company) -> ToolContext:
    return context_for(company, "bea")


def context_for(company: Company, who: str, **other: Any) -> ToolContext:
    return ToolContext(
        stores=company.stores,
        person=person(company.stores, who),
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
        run_id=run_of(company).id,
        **other,
    )


def call(context: ToolContext, name: str, **arguments: Any) -> ToolResult:
    return BY_NAME[name].call(arguments, context)


def facts(result: ToolResult) -> dict[str, Fact]:
    return {fact.id: fact for fact in result.facts}


def shapes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON schema."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from shapes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from shapes(value)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_arguments_are_closed_and_typed(tool: Tool[Arguments]) -> None:
    schema = tool.arguments.model_json_schema()
    assert schema.get("additionalProperties") is False
    assert all("number" not in (shape.get("type"), *_types(shape)) for shape in shapes(schema)), (
        "amounts are integers of the minor unit"
    )
    assert all("description" in field for field in schema.get("properties", {}).values())
    with pytest.raises(InvalidInput, match="as_user"):
        tool.validated({"as_user": "max"})


def _types(shape: dict[str, Any]) -> list[Any]:
    return [option.get("type") for option in shape.get("anyOf", [])]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tool_is_one_verb_and_noun_in_a_file_of_its_own(tool: Tool[Arguments]) -> None:
    verb, _, noun = tool.name.partition("_")
    assert verb
    assert noun or tool.name == "compute", "what is computed stands in the arguments"
    assert Path(inspect.getfile(tool.run)).stem == tool.name


def test_no_tool_approves_sends_or_pays() -> None:
    writes = {tool.name for tool in TOOLS if tool.mode == "write"}
    of_demand = {
        "override_forecast", "add_promotion", "add_launch", "plan_price", "keep_as_recorded",
        "withdraw_decision", "snooze_exception", "assign_exception",
    }  # fmt: skip
    of_orders = {"draft_po", "propose_po", "revise_po", "set_budget"}
    assert writes == of_orders | of_demand | {"set_preference"}
    for tool in TOOLS:
        source = Path(inspect.getfile(tool.run)).read_text(encoding="utf-8")
        for call_ in ("approve.decide", "decide_budget", "mark_sent", "hand_over", "outbox"):
            assert call_ not in source, (tool.name, call_)


def test_every_figure_of_a_table_is_a_fact_of_the_run(context: ToolContext) -> None:
    result = call(context, "rank_buys")
    found = facts(result)
    run = context.run_id
    assert all(fact.run_id == run for fact in result.facts)
    for table in result.tables:
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell in found for cell in row if cell)


def test_a_long_list_is_bounded_and_counts_the_rest(context: ToolContext) -> None:
    result = call(context, "rank_buys", top=2)
    (buys, *_) = result.tables
    assert len(buys.rows) == 2
    assert facts(result)[buys.rest].value == 2


def test_a_list_can_be_narrowed_and_an_unknown_name_is_not_an_empty_list(
    context: ToolContext,
) -> None:
    assert facts(call(context, "rank_buys", location="LEEDS"))["buys.count"].value == 2
    assert facts(call(context, "rank_buys", location="Leeds store"))["buys.count"].value == 2
    assert facts(call(context, "rank_buys", supplier="OAKHURST"))["buys.count"].value == 1
    assert facts(call(context, "rank_buys", category="Lighting"))["buys.count"].value == 1
    for name, value in (("location", "Lees"), ("supplier", "Nordlich"), ("sku", "LAMP-OAK")):
        with pytest.raises(UnknownName, match="Close: "):
            call(context, "rank_buys", **{name: value})


def test_the_steps_of_a_quantity_add_up_to_the_unit(context: ToolContext) -> None:
    result = call(context, "explain_order", sku="LAMP-OAK-01")
    found = facts(result)
    steps = [fact.value for id_, fact in found.items() if id_.startswith("step.")
             and id_.endswith(".units")]  # fmt: skip
    assert sum(int(str(units)) for units in steps) == found["order.units"].value == 144


@pytest.mark.parametrize(
    ("instead", "outcome"),
    [
        (144, "same-quantity"),
        (120, "fewer-than-planned"),
        (150, "not-whole-packs"),
        (156, "more-than-planned"),
        (0, "fewer-than-planned"),
    ],
)
def test_a_quantity_in_mind_is_compared(context: ToolContext, instead: int, outcome: str) -> None:
    result = call(context, "explain_order", sku="LAMP-OAK-01", instead_units=instead)
    assert result.outcome == outcome


def test_what_is_not_bought_says_whether_the_budget_or_the_stock_decided(
    context: ToolContext,
) -> None:
    assert call(context, "explain_order", sku="VASE-BLU-02").outcome == "cut"
    assert call(context, "explain_order", sku="LAMP-ASH-02").outcome == "not-needed"


def test_drivers_add_up_to_the_forecast_as_shown(context: ToolContext) -> None:
    found = facts(call(context, "explain_drivers", sku="LAMP-OAK-01", weeks=3))
    units = [float(str(fact.value)) for id_, fact in found.items()
             if id_.startswith("driver.") and id_.endswith(".units")]  # fmt: skip
    assert sum(units) == pytest.approx(float(str(found["drivers.total"].value)), abs=1e-9)


def test_a_forecast_tells_each_place_and_how_sure_it_is(context: ToolContext) -> None:
    result = call(context, "forecast_demand", sku="22423")
    found = facts(result)
    assert result.outcome == "several-places"
    assert found["forecast.total"].value == 88
    assert (found["place.1.low"].value, found["place.1.high"].value) == (7, 16)
    assert found["place.1.error"].formula is not None
    assert call(context, "forecast_demand", sku="22423", location="LEEDS").outcome == "one-place"


def test_the_band_of_some_weeks_is_of_their_sum_and_not_the_sum_of_their_bands(
    context: ToolContext,
) -> None:
    found = facts(call(context, "forecast_demand", sku="22423", location="LEEDS", weeks=4))
    low, high = (float(str(found[f"place.1.sum_{end}"].value)) for end in ("low", "high"))
    weekly = [(float(str(found[f"step.{k}.low"].value)), float(str(found[f"step.{k}.high"].value)))
              for k in range(1, 5)]  # fmt: skip

    assert low < float(str(found["place.1.mean"].value)) < high
    assert high - low < sum(top - bottom for bottom, top in weekly)


def test_a_search_tells_the_item_from_what_resembles_it(context: ToolContext) -> None:
    assert call(context, "find_items", text="LAMP-OAK-01").outcome == "one"
    assert call(context, "find_items", text="lamp-oak-99").outcome == "nearest"
    assert call(context, "find_items", text="zzzz qqqq").outcome == "none"


def test_drafting_twice_drafts_once(context: ToolContext) -> None:
    assert call(context, "draft_po").outcome == "drafted"
    again = call(context, "draft_po")
    assert again.outcome == "already-there"
    assert facts(again)["draft.count"].value == 3


def test_a_draft_can_be_narrowed(context: ToolContext) -> None:
    chairs = call(context, "draft_po", suppliers=["Oakhurst Joinery"])
    assert facts(chairs)["draft.count"].value == 1
    lamps = call(context, "draft_po", category="Lighting", location="LEEDS")
    assert facts(lamps)["order.1.lines"].value == 1


def test_who_may_decide_gets_the_button_and_who_asked_does_not(company: Company) -> None:
    drafted = call(context_for(company, "bea"), "draft_po", skus=["CHAIR-1"])
    assert [action.kind for action in drafted.actions] == []
    assert len(drafted.waits) == 1
    seen = call(context_for(company, "max"), "po_status", state="proposed")
    assert [(a.kind, a.target) for a in seen.actions] == [("decide", drafted.waits[0])]
    own = call(context_for(company, "bea"), "po_status", state="proposed")
    assert own.actions == ()


def test_an_order_shows_its_lines_and_an_unknown_one_the_nearest(context: ToolContext) -> None:
    call(context, "draft_po", skus=["CHAIR-1"])
    result = call(context, "po_status", number="PO-1001")
    assert result.outcome == "one"
    assert facts(result)["line.1.units"].value == 4
    with pytest.raises(UnknownName, match="PO-1001"):
        call(context, "po_status", number="PO-1009")


def test_exceptions_are_sorted_by_money_and_counted(context: ToolContext) -> None:
    result = call(context, "list_exceptions")
    found = facts(result)
    assert found["exceptions.count"].value == 2
    assert found["exception.1.what"].value == "stock out soon"
    assert found["exceptions.flowing"].value == 3
    assert call(context, "list_exceptions", sku="CHAIR-1").outcome == "none"


def test_help_works_before_there_is_a_plan(company: Company) -> None:
    context = context_for(company, "bea")
    result = call(context, "show_help")
    assert any("LAMP-OAK-01" in str(fact.value) for fact in result.facts)


def test_prefixed_facts_keep_their_tables_together(context: ToolContext) -> None:
    result = with_prefix(call(context, "forecast_demand", sku="22423"), "c2.")
    found = facts(result)
    assert all(id_.startswith("c2.") for id_ in found)
    cells = [cell for table in result.tables for row in table.rows for cell in row if cell]
    assert all(cell in found for cell in cells)
    assert all(name in found for fact in result.facts for name in fact.inputs)
