"""Every long list is shown a page at a time, in one order, with a count of what comes after."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.bootstrap import Company
from agent.compute import InProcess
from agent.llm.offline.paging import PAGED
from agent.llm.port import Call, Step
from agent.statements.catalogue import statement
from engine.model.people import Person
from support.agent import run_of
from support.imported import NOW, QUICK, opened
from support.purchasing import person
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.page import page_of
from tools.registry import BY_NAME, TOOLS
from tools.result import FactTable, ToolResult

LISTS = (
    ("rank_buys", "buys"), ("supplier_scorecard", "suppliers"),
    ("forecast_accuracy", "series"), ("propose_transfers", "transfers"),
    ("list_exceptions", "exceptions"), ("data_health", "issues"),
    ("eta_promise", "windows"),
)  # fmt: skip


@pytest.fixture
def reader(quick_home: Path) -> Iterator[ToolContext]:
    """Whoever only reads in a company of eighty items with a year of deliveries."""
    bea = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")
    for stores in opened(quick_home):
        yield ToolContext(stores=stores, person=bea, now=NOW, config=QUICK, compute=InProcess())


@pytest.fixture
def context(company: Company) -> ToolContext:
    return ToolContext(
        stores=company.stores, person=person(company.stores, "bea"), now=company.clock.now(),
        config=company.plan_config, compute=company.compute, run_id=run_of(company).id,
    )  # fmt: skip


def table(result: ToolResult, name: str) -> FactTable:
    return next(each for each in result.tables if each.name == name)


def cells(result: ToolResult, name: str) -> list[tuple[Any, ...]]:
    values = {fact.id: fact.value for fact in result.facts}
    return [tuple(values.get(cell) for cell in row) for row in table(result, name).rows]


def left(result: ToolResult, name: str) -> int:
    """Rows that come after those of the table."""
    counts = {fact.id: int(str(fact.value)) for fact in result.facts if fact.kind == "count"}
    return counts.get(table(result, name).rest, 0)


@pytest.mark.parametrize(("tool", "name"), LISTS)
def test_pages_put_together_are_the_whole_list_in_its_order(
    reader: ToolContext, tool: str, name: str
) -> None:
    def shown(**part: int) -> ToolResult:
        return BY_NAME[tool].call({**part}, reader)

    whole = shown(top=50)
    rows = cells(whole, name)[:3]
    assert rows, f"{tool} lists nothing in the company of these tests"
    pages = [shown(top=1, skip=n) for n in range(len(rows))]

    assert [row for page in pages for row in cells(page, name)] == rows
    assert left(pages[0], name) == len(cells(whole, name)) - 1 + left(whole, name)


def test_a_page_behind_the_end_is_empty_and_says_so(reader: ToolContext) -> None:
    given: dict[str, object] = {"skip": 1_000}
    result = BY_NAME["supplier_scorecard"].call(given, reader)
    step = Step(call=Call(tool="supplier_scorecard", arguments=given), result=result)

    assert table(result, "suppliers").rows == ()
    assert statement(step) == "That was the whole list: nothing comes after it."


def test_rows_keep_their_place_in_the_whole_list() -> None:
    page = page_of("abcdefg", top=3, skip=3)

    assert [*page.numbered()] == [(4, "d"), (5, "e"), (6, "f")]
    assert page.rest == 1
    assert page_of("abc", top=3, skip=9).rest == 0


def test_the_words_know_how_many_rows_each_list_shows() -> None:
    fields = {tool.name: tool.arguments.model_fields for tool in TOOLS}
    pageable = {name: of["top"].default for name, of in fields.items() if "skip" in of}

    assert pageable == PAGED


def test_a_list_of_orders_and_the_lines_of_one_go_on(context: ToolContext) -> None:
    BY_NAME["draft_po"].call({}, context)
    first = BY_NAME["po_status"].call({"top": 1}, context)
    second = BY_NAME["po_status"].call({"top": 1, "skip": 1}, context)
    numbers = [row[0] for page in (first, second) for row in cells(page, "orders")]
    lines = BY_NAME["po_status"].call({"number": numbers[0], "skip": 1}, context)

    assert len(set(numbers)) == 2
    assert second.outcome == lines.outcome == "further"
    every = cells(BY_NAME["po_status"].call({"number": numbers[0]}, context), "lines")
    assert cells(lines, "lines") == every[1:]


def test_nothing_is_offered_after_the_last_page() -> None:
    from tools.page import end_page

    ledger = Ledger()
    assert end_page(ledger, "rest", 0, "further rows") == ""
    assert ledger.result("listed").actions == ()
    assert end_page(ledger, "rest", 3, "further rows") == "rest"
    assert [each.text for each in ledger.result("listed").actions] == ["Show more"]
