"""Orders changed, compared and dropped in the words people use; approving stays a click."""

from typing import Any

import pytest

from agent.bootstrap import Company
from agent.language.periods import find_period
from agent.llm.offline import asides
from agent.llm.offline.model import OfflineModel
from agent.llm.port import Question, Reply
from agent.memory import Memory, PastCall
from engine.errors import InvalidInput
from engine.purchase.states import OrderState
from engine.service import approve, purchase
from support.agent import AS_OF, ITEMS, LOCATIONS, SUPPLIERS, run_of
from support.purchasing import click, person
from support.sent import mark_sent
from tools.context import ToolContext
from tools.facts import Fact
from tools.names import Names
from tools.registry import BY_NAME
from tools.result import ToolResult

NAMES = Names(
    items={sku: name for sku, name, _ in ITEMS},
    locations=dict(LOCATIONS),
    suppliers=dict(SUPPLIERS),
    categories=tuple(sorted({category for _, _, category in ITEMS})),
)
DRAFTED = Memory(items=("LAMP-OAK-01",), orders=("PO-1001",), calls=(PastCall(tool="draft_po"),))
NUMBER = {"number": "PO-1001"}


def ask(text: str, memory: Memory = DRAFTED) -> Reply:
    model = OfflineModel(lambda: NAMES)
    return model.reply(Question(text=text, today=AS_OF, currency="GBP", memory=memory, tools=()))


def next_week() -> str:
    found = find_period("next week", AS_OF)
    assert found is not None
    return found.first.isoformat()


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("make it 10 packs", "revise_po", {"packs": 10}),
        ("Make it 120 units please", "revise_po", {"units": 120}),
        ("make PO-1007 10 packs", "revise_po", {"number": "PO-1007", "packs": 10}),
        ("change line 2 to 5 packs", "revise_po", {"line": 2, "packs": 5}),
        ("set LAMP-OAK-01 to 3 packs", "revise_po", {"sku": "LAMP-OAK-01", "packs": 3}),
        ("drop the last line", "revise_po", {"line": -1, "remove": True}),
        ("remove line 3 from PO-1007", "revise_po", {"number": "PO-1007", "line": 3}),
        ("drop the second line", "revise_po", {"line": 2, "remove": True}),
        ("move to next week", "revise_po", {"move_to": next_week()}),
        ("move it to next week", "revise_po", {"move_to": next_week()}),
        ("what changed since v1?", "po_status", {"show": "changes", "since": 1}),
        ("what has changed in PO-1007 since version 2", "po_status",
         {"number": "PO-1007", "show": "changes", "since": 2}),
        ("who approved PO-1042?", "po_status", {"number": "PO-1042", "show": "decisions"}),
        ("who approved it", "po_status", {"show": "decisions"}),
        ("cancel it", "revise_po", {"cancel": True}),
        ("cancel PO-1007", "revise_po", {"number": "PO-1007", "cancel": True}),
    ],
)  # fmt: skip
def test_words_about_an_order_call_its_tool(
    text: str, tool: str, arguments: dict[str, object]
) -> None:
    (call,) = ask(text).calls
    wanted = NUMBER | arguments
    assert [call.tool, {name: call.arguments.get(name) for name in wanted}] == [tool, wanted]


def test_without_an_order_in_sight_the_same_words_ask_back_or_mean_the_forecast() -> None:
    assert ask("cancel it", Memory()).calls == ()
    assert ask("cancel it", Memory()).draft == asides.WHICH_ORDER
    looked = Memory(items=("LAMP-OAK-01",), calls=(PastCall(tool="forecast_demand"),))
    (call,) = ask("set it to 120 a week from 9 November to 20 December", looked).calls
    assert call.tool == "override_forecast"


def context_for(company: Company, who: str = "bea") -> ToolContext:
    return ToolContext(
        stores=company.stores, person=person(company.stores, who), now=company.clock.now(),
        config=company.plan_config, compute=company.compute, run_id=run_of(company).id,
    )  # fmt: skip


def call(company: Company, name: str, who: str = "bea", **arguments: Any) -> ToolResult:
    return BY_NAME[name].call(arguments, context_for(company, who))


def facts(result: ToolResult) -> dict[str, Fact]:
    return {fact.id: fact for fact in result.facts}


@pytest.fixture
def drafted(company: Company) -> Company:
    call(company, "draft_po", skus=["CHAIR-1"])
    return company


def test_a_revision_is_asked_for_again_with_the_difference_in_money(drafted: Company) -> None:
    line = purchase.order_view(drafted.stores, "PO-1001").content.lines[0]
    result = call(drafted, "revise_po", number="PO-1001", packs=3)

    found = facts(result)
    assert result.outcome == "revised-proposed"
    assert found["change.1.before"].value == line.units
    assert found["change.1.after"].value == 3 * line.case_pack
    assert found["order.1.state"].value == "proposed"
    assert len(result.waits) == 1
    again = call(drafted, "revise_po", number="PO-1001", packs=3)
    assert again.outcome == "unchanged"


def test_what_changed_and_who_decided_are_facts(drafted: Company) -> None:
    call(drafted, "revise_po", number="PO-1001", packs=3)
    changed = call(drafted, "po_status", number="PO-1001", show="changes", since=1)
    assert facts(changed)["change.count"].value == 1
    nobody = call(drafted, "po_status", number="PO-1001", show="decisions")
    assert nobody.outcome == "undecided"

    view = purchase.order_view(drafted.stores, "PO-1001")
    card = approve.card(drafted.stores, view.request_id or 0, now=drafted.clock.now())
    click(drafted.stores, card, "dana", now=drafted.clock.now())
    decided = facts(call(drafted, "po_status", number="PO-1001", show="decisions"))
    assert decided["decision.1.who"].value == "Dana Whitfield"
    assert decided["decision.1.said"].value == "approved"


def test_an_order_is_dropped_before_approval_and_only_then(drafted: Company) -> None:
    ended = call(drafted, "revise_po", number="PO-1001", cancel=True)
    assert facts(ended)["order.1.state"].value == "cancelled"


def test_what_people_approved_is_not_cancelled_by_talking(drafted: Company) -> None:
    view = purchase.order_view(drafted.stores, "PO-1001")
    card = approve.card(drafted.stores, view.request_id or 0, now=drafted.clock.now())
    click(drafted.stores, card, "dana", now=drafted.clock.now())
    with pytest.raises(InvalidInput, match="qm po cancel PO-1001"):
        call(drafted, "revise_po", who="dana", number="PO-1001", cancel=True)

    mark_sent(drafted.stores, "PO-1001", drafted.clock.now())
    result = call(drafted, "revise_po", number="PO-1001", packs=9)
    after = purchase.order_view(drafted.stores, "PO-1001")
    assert result.outcome == "amended"
    assert (after.state, after.revision) == (OrderState.SENT, 1)
    assert after.amendment is not None
    assert result.waits == (str(after.amendment.request_id),)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({}, "Say what shall change"), ({"line": 7, "packs": 2}, "Which line is meant"),
     ({"line": 1, "remove": True}, "needs at least one line"),
     ({"move_to": "2020-01-01"}, "not later than today")],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_said_so(
    drafted: Company, arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        call(drafted, "revise_po", number="PO-1001", **arguments)
