"""What people plan for demand, asked of the tools: fractions, prices up and down, totals."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agent.compute import InProcess
from agent.llm.port import Call, Step
from agent.statements import statement
from engine.errors import InvalidInput, UnknownName
from engine.service import people, reading
from engine.service.items import catalogue
from engine.service.promotions import promotions
from support.imported import NOW, QUICK, copied, opened
from tools.context import ToolContext
from tools.registry import BY_NAME
from tools.result import ToolResult

WEEK_50 = {"first": "2026-12-07", "last": "2026-12-13"}


@pytest.fixture(scope="module")
def context(
    tmp_path_factory: pytest.TempPathFactory, quick_home: Path, company_folder: Path
) -> Iterator[ToolContext]:
    """A small company that was really planned: what a plan would change is computed from it."""
    for stores in opened(copied(quick_home, tmp_path_factory.mktemp("plans") / "home")):
        people.sync(stores, people.load_policy(company_folder / "people.yaml"), now=NOW)
        yield ToolContext(
            stores=stores,
            person=people.person_as_demo(stores, "buyer"),
            now=NOW,
            config=QUICK,
            compute=InProcess(),
            run_id=reading.latest_run(stores).id,
        )


@pytest.fixture
def rows(context: ToolContext) -> pd.DataFrame:
    return catalogue(context.stores, reading.latest_run(context.stores))


@pytest.fixture
def sku(rows: pd.DataFrame) -> str:
    return str(rows["sku"].iloc[0])


@pytest.fixture
def price(rows: pd.DataFrame) -> int:
    """In minor units."""
    return int(rows["price_micros"].iloc[0]) // 10_000


def call(context: ToolContext, name: str, **arguments: Any) -> ToolResult:
    return BY_NAME[name].call(arguments, context)


def values(result: ToolResult) -> dict[str, Any]:
    return {fact.id: fact.value for fact in result.facts}


def test_a_fraction_of_a_percent_is_the_promotion_s_depth(context: ToolContext, sku: str) -> None:
    result = call(context, "add_promotion", sku=sku, off_basis_points=1250, **WEEK_50)
    assert values(result)["plan.depth"] == 0.125
    (stored,) = promotions(context.stores, context.now)
    assert stored.content.depth == 0.125


def test_a_price_is_lowered_by_a_percentage(context: ToolContext, sku: str, price: int) -> None:
    asked = {"direction": "lower", "change_basis_points": 1000}
    result = call(context, "what_if_demand", sku=sku, **asked, **WEEK_50)
    told = values(result)
    assert told["plan.price"] == round(price * 0.9) * 10_000
    assert told["plan.price_now"] == price * 10_000
    assert told["effect.after"] >= told["effect.before"]
    said = statement(Step(call=Call(tool="what_if_demand"), result=result))
    assert "in place of {{plan.price_now}}" in said


def test_a_price_is_raised_by_an_amount(context: ToolContext, sku: str, price: int) -> None:
    asked = {"direction": "raise", "change_minor": 200, "first": "2026-12-01"}
    by_amount = call(context, "what_if_demand", sku=sku, **asked)
    to_amount = call(
        context, "what_if_demand", sku=sku, price_minor=price + 200, first="2026-12-01"
    )
    for name in ("plan.price", "effect.before", "effect.after"):
        assert values(by_amount)[name] == values(to_amount)[name], name
    assert values(by_amount)["effect.after"] <= values(by_amount)["effect.before"]


def test_a_planned_price_may_be_said_as_a_change(
    context: ToolContext, sku: str, price: int
) -> None:
    asked = {"direction": "raise", "change_basis_points": 500, "first": "2026-12-01"}
    result = call(context, "plan_price", sku=sku, **asked)
    assert values(result)["plan.price"] == round(price * 1.05) * 10_000


@pytest.mark.parametrize(
    "asked",
    [
        {"direction": "lower"},
        {"direction": "set", "change_basis_points": 1000},
        {"direction": "raise", "price_minor": 2490},
        {"direction": "raise", "change_minor": 100, "change_basis_points": 1000},
        {"direction": "lower", "change_basis_points": 10_000},
        {"price_minor": 2490, "off_basis_points": 1000},
    ],
)
def test_what_makes_no_price_is_refused(
    context: ToolContext, sku: str, asked: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput, match="rice"):
        call(context, "what_if_demand", sku=sku, **asked)


def weekly(rows: pd.DataFrame) -> float:
    """Units over four weeks, as the catalogue of the plan has them."""
    return 4.0 * float(rows["mean_weekly_units"].sum())


def test_totals_agree_with_what_is_in_them(context: ToolContext, rows: pd.DataFrame) -> None:
    category = str(rows["category"].iloc[0]).split("/")[0]
    place = str(rows["location"].iloc[0])
    below = rows["category"].astype(str).str.split("/").str[0] == category
    cases: tuple[tuple[dict[str, str], pd.DataFrame], ...] = (
        ({}, rows),
        ({"category": category}, rows[below]),
        ({"location": place}, rows[rows["location"] == place]),
    )
    for asked, inside in cases:
        told = values(call(context, "forecast_demand", **asked))
        assert told["forecast.total"] == pytest.approx(weekly(inside), abs=0.51), asked
        assert told["total.items"] == inside["sku"].nunique()
        assert told["total.low"] < told["total.next"] < told["total.high"]


def test_a_total_says_how_it_is_made(context: ToolContext) -> None:
    result = call(context, "forecast_demand")
    assert "bottom-up" in str(values(result)["total.made"])
    said = statement(Step(call=Call(tool="forecast_demand"), result=result))
    assert said.startswith("In all, {{total.items}} items are expected to sell")
    assert said.endswith("{{total.made}}")


def test_a_category_in_one_place_has_no_total(context: ToolContext, rows: pd.DataFrame) -> None:
    asked = {"category": str(rows["category"].iloc[0]), "location": str(rows["location"].iloc[0])}
    with pytest.raises(InvalidInput, match="either"):
        call(context, "forecast_demand", **asked)


def test_a_launch_is_told_with_what_it_takes(context: ToolContext, rows: pd.DataFrame) -> None:
    from engine.service.launch_effects import launch_effects

    run = reading.latest_run(context.stores)
    launched = [
        sku for sku in rows["sku"].unique()
        if launch_effects(context.stores, run, sku)["units"].sum() > 1
    ]  # fmt: skip
    assert launched, "the company launches something inside the forecast"
    for name in ("forecast_demand", "explain_drivers"):
        result = call(context, name, sku=launched[0])
        told = values(result)
        assert 0 <= told["launched.taken"] <= told["launched.units"]
        said = statement(Step(call=Call(tool=name), result=result))
        assert "{{launched.share}}) are taken from its siblings" in said


def test_a_promotion_on_one_channel_is_told_and_stored_so(context: ToolContext, sku: str) -> None:
    made = call(context, "add_promotion", sku=sku, channel="marketplace", **WEEK_50)
    assert values(made)["plan.channel"] == "marketplace"
    assert promotions(context.stores, NOW)[-1].content.channel == "marketplace"


def test_a_forecast_asked_for_too_far_says_how_far_it_reaches(
    context: ToolContext, sku: str
) -> None:
    far = call(context, "forecast_demand", sku=sku, weeks=52)
    said = statement(
        Step(call=Call(tool="forecast_demand", arguments={"sku": sku, "weeks": 52}), result=far)
    )
    assert "as far as the forecast reaches" in said
    near = call(context, "forecast_demand", sku=sku, weeks=4)
    assert "forecast.beyond" not in values(near)


def test_a_place_that_is_none_is_refused_with_those_there_are(
    context: ToolContext, sku: str
) -> None:
    with pytest.raises(UnknownName, match="Paris"):
        call(context, "forecast_demand", sku=sku, location="Paris")
