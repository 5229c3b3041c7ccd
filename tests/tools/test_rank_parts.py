"""What a rank is made of is shown, and gives the priority when it is reckoned again."""

import pandas as pd

from agent.bootstrap import Company
from agent.compute import InProcess
from engine.service import reading
from engine.service.plan_index import LINE_INDEX, cut_index, line_index, lines_ranked
from support.agent import run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.facts import Fact
from tools.registry import BY_NAME


def facts(company: Company, tool: str, **arguments: object) -> dict[str, Fact]:
    context = ToolContext(
        stores=company.stores, person=person(company.stores, "bea"), now=company.clock.now(),
        config=company.plan_config, run_id=run_of(company).id, compute=InProcess(),
    )  # fmt: skip
    return {fact.id: fact for fact in BY_NAME[tool].call(arguments, context).facts}


def test_a_person_can_reckon_every_priority_again(company: Company) -> None:
    found = facts(company, "rank_buys")
    shown = [name.removesuffix(".priority") for name in found if name.endswith(".priority")]
    assert len(shown) == 4
    for prefix in shown:
        earns, chance = found[f"{prefix}.return"].value, found[f"{prefix}.chance"].value
        assert found[f"{prefix}.priority"].value == round(100 * float(earns) * float(chance))  # type: ignore[arg-type]  numbers
        assert found[f"{prefix}.tier_why"].value


def test_show_more_goes_on_where_the_list_ended(company: Company) -> None:
    first, second = (facts(company, "rank_buys", top=2, skip=n) for n in (0, 2))
    assert [first[f"buy.{n}.rank"].value for n in (1, 2)] == [1, 2]
    assert [second[f"buy.{n}.rank"].value for n in (1, 2)] == [3, 4]
    assert first["buys.rest"].value == 2
    assert "buys.rest" not in second


def test_cuts_can_be_asked_for_alone(company: Company) -> None:
    found = facts(company, "rank_buys", show="cuts")
    assert found["cut.1.units"].value == 12
    assert "buy.1.units" not in found


def test_exceptions_are_put_off_by_their_item_and_come_back_when_woken(company: Company) -> None:
    before = facts(company, "list_exceptions")["exceptions.count"].value
    facts(company, "snooze_exception", sku="22423", grows_basis_points=1_000, reason="known")
    after = facts(company, "list_exceptions")
    assert after["exceptions.count"].value == int(str(before)) - 1
    assert after["exceptions.snoozed"].value == 1
    assert facts(company, "list_exceptions", show="snoozed")["exception.1.sku"].value == "22423"
    facts(company, "snooze_exception", sku="22423", wake=True)
    assert facts(company, "list_exceptions")["exceptions.count"].value == before


def test_the_index_of_a_plan_is_its_lines_and_pages_are_read_by_rank(company: Company) -> None:
    run = run_of(company)
    whole = reading.plan_lines(company.stores, run.id)
    pd.testing.assert_frame_equal(
        line_index(company.stores, run), whole[list(LINE_INDEX)], check_dtype=False
    )
    page = lines_ranked(company.stores, run, [2, 3])
    assert page["sku"].tolist() == whole["sku"].tolist()[1:3]
    assert page["steps"].tolist() == whole["steps"].tolist()[1:3]
    pd.testing.assert_frame_equal(
        cut_index(company.stores, run), reading.cuts(company.stores, run.id), check_dtype=False
    )
