"""How good the data are, as facts: totals, doubts by money, and what was done to one item."""

from datetime import timedelta
from typing import Any

import pytest

from agent.bootstrap import Company
from engine.errors import InvalidInput, UnknownName
from support.agent import AS_OF, run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.data_health import TOOL as HEALTH
from tools.keep_as_recorded import TOOL as KEEP
from tools.list_decisions import TOOL as LIST
from tools.result import ToolResult
from tools.tool import Tool
from tools.withdraw_decision import TOOL as WITHDRAW


def _asked(company: Company, tool: Tool[Any] = HEALTH, **arguments: object) -> ToolResult:
    context = ToolContext(
        stores=company.stores,
        person=person(company.stores, "bea"),
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
        run_id=run_of(company).id,
    )
    return tool.call(arguments, context)


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


def test_a_correction_undone_in_the_chat_is_a_decision_that_is_listed_and_withdrawn(
    company: Company,
) -> None:
    first = AS_OF - timedelta(weeks=20)
    days = {"first": first.isoformat(), "last": (first + timedelta(days=6)).isoformat()}
    kept = _asked(company, KEEP, sku="LAMP-OAK-01", location="leeds", **days)
    listed = _asked(company, LIST)

    assert kept.outcome == "kept"
    assert _fact(kept, "kept.first") == first
    assert _fact(listed, "decision.1.kind") == "kept as recorded"
    assert _fact(_asked(company, sku="LAMP-OAK-01"), "item.reversed") == 1
    assert _asked(company, WITHDRAW, decision=_fact(kept, "decision.number")).outcome == "withdrawn"
    assert _fact(_asked(company), "data.reversed") == 0


def test_what_is_not_corrected_cannot_be_undone(company: Company) -> None:
    with pytest.raises(InvalidInput, match="corrects nothing"):
        _asked(company, KEEP, sku="CHAIR-1", first="2026-01-05", last="2026-01-06")
