"""How good the data are, as facts: totals, doubts by money, and what was done to one item."""

import pytest

from agent.bootstrap import Company
from engine.errors import UnknownName
from support.agent import run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.data_health import TOOL
from tools.result import ToolResult


def _asked(company: Company, **arguments: object) -> ToolResult:
    context = ToolContext(
        stores=company.stores,
        person=person(company.stores, "bea"),
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
        run_id=run_of(company).id,
    )
    return TOOL.call(arguments, context)


def _fact(result: ToolResult, name: str) -> object:
    return next(fact.value for fact in result.facts if fact.id == name)


def test_doubts_are_ranked_by_the_sales_that_hang_on_them(company: Company) -> None:
    result = _asked(company)

    assert result.outcome == "doubts"
    assert _fact(result, "issue.1.what") == "phantom stock"
    assert _fact(result, "issue.1.stake") == 176_000
    assert _fact(result, "issue.2.sku") == "CHAIR-1"
    assert _fact(result, "data.quarantined") == 3
    assert [table.name for table in result.tables] == ["corrections", "issues"]


def test_the_corrections_of_an_item_come_with_their_reasons(company: Company) -> None:
    result = _asked(company, sku="LAMP-OAK-01", location="leeds")

    assert result.outcome == "item"
    assert _fact(result, "item.corrections") == 3
    assert _fact(result, "correction.1.before") == 0
    assert str(_fact(result, "correction.1.reason")).startswith("It could not be bought")


def test_a_long_list_of_corrections_says_how_many_are_left_out(company: Company) -> None:
    result = _asked(company, sku="LAMP-OAK-01", top=2)

    assert _fact(result, "correction.rest") == 4


def test_an_unknown_item_names_the_close_ones(company: Company) -> None:
    with pytest.raises(UnknownName, match="LAMP-OAK-01"):
        _asked(company, sku="LAMP-OAK")
