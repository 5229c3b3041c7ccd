"""Messages from views: always within Slack's limits, and text from data never becomes markup."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from agent.bootstrap import Company
from agent.grounding.render import Span
from agent.html.blocks import message_html, page_html, view_html
from agent.slack.actions import APPROVE, RequestRef, SayRef, packed, unpacked
from agent.slack.blockkit.check import message_problems, view_problems
from agent.slack.render.answer import Outgoing, answer_messages
from agent.slack.render.card import card_message
from agent.slack.render.digest import digest_message, parts_of
from agent.slack.render.home import home_view
from agent.slack.render.modals import FormOrigin, edit_form, reject_form
from agent.slack.render.tables import fitted
from agent.views.answer import Answer, Cell, Column, Table
from agent.views.approval import card_view
from agent.views.digest import Digest, Finding
from agent.views.home import home
from agent.views.troubles import StuckOrder
from engine.errors import InvalidInput
from engine.model.people import Person
from engine.purchase.progress import ConfirmedLine
from engine.service.order_confirming import confirm
from engine.service.preferences import set_preference
from support.agent import assistant_for
from support.purchasing import NOW, buy, click, person, proposed
from support.sent import mark_sent
from tools.result import OfferedAction

HOSTILE = "<!channel> <@U1> *approved* `x` :tada: <https://x.test|here> & \u202egnihton\u0007"


def raw(message: Outgoing) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def problems(*messages: Outgoing) -> list[str]:
    return [str(each) for message in messages for each in message_problems(raw(message))]


def texts(value: object) -> Iterator[Mapping[str, Any]]:
    """Every text object in blocks."""
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def table(rows: int, text: str = "x") -> Table:
    columns = (Column(header="SKU", is_numeric=False), Column(header="Units", is_numeric=True))
    return Table(title="Lines", columns=columns, rows=((Cell(text), Cell("1")),) * rows)


def hostile_digest() -> Digest:
    finding = Finding(
        key="k", headline=HOSTILE, detail=HOSTILE, status="new", at_stake="£1",
        actions=(OfferedAction(kind="say", label=HOSTILE, text=HOSTILE),), owner=HOSTILE,
    )  # fmt: skip
    return Digest(
        headline=HOSTILE, summary=HOSTILE, findings=(finding,) * 10, rest="3", resolved=(HOSTILE,),
        buys=table(3, HOSTILE), run_id="run-1", figures=HOSTILE,
        orders=(StuckOrder(headline=HOSTILE, text=HOSTILE),) * 7,
    )  # fmt: skip


def hostile_answer() -> Answer:
    return Answer(
        turn_id="t/1",
        paragraphs=((Span(HOSTILE), Span("12", "f")),),
        tables=(table(400, HOSTILE), table(2)),
        actions=(OfferedAction(kind="say", label=HOSTILE, text=HOSTILE),) * 9,
        run_ids=("run-1",),
    )


def test_text_from_data_stands_where_slack_reads_no_markup() -> None:
    messages = answer_messages(hostile_answer())
    digest = [digest_message(hostile_digest(), part) for part in parts_of(hostile_digest())]
    assert len(digest) == 4
    for message in (*messages, *digest):
        assert problems(message) == []
        for each in texts(message.blocks):
            assert each["type"] in ("plain_text", "text", "raw_text"), each
            assert each.get("emoji", False) is False
            assert "\u202e" not in each["text"]
            assert "\u0007" not in each["text"]
        assert "<" not in message.text


def test_the_fallback_text_tells_the_answer_with_its_markup_escaped() -> None:
    first, *_ = answer_messages(hostile_answer())
    assert "&lt;!channel&gt;" in first.text
    assert "&amp;" in first.text


def test_rows_that_do_not_fit_go_into_a_file_and_are_counted() -> None:
    first, second = answer_messages(hostile_answer())
    assert [len(each.rows) for each in first.files] == [400]
    assert any("more rows are in the file" in each["text"] for each in texts(first.blocks))
    assert second.files == ()


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(0, 300), text=st.text(max_size=400))
def test_any_table_fits_a_message_and_no_row_is_lost(rows: int, text: str) -> None:
    fit = fitted(table(rows, text))
    assert len(fit.block["rows"]) - 1 + fit.left == rows
    assert message_problems({"text": "t", "blocks": [fit.block]}) == []


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=20_000), lines=st.integers(0, 60))
def test_any_prose_is_split_into_messages_that_slack_takes(text: str, lines: int) -> None:
    view = Answer(turn_id="t/1", paragraphs=((Span(text),),) * lines)
    messages = answer_messages(view)
    assert problems(*messages) == []
    shown = sum(len(each["text"]) for message in messages for each in texts(message.blocks))
    assert shown >= len(text) * lines


def test_a_waiting_card_binds_its_buttons_to_what_it_shows(company: Company) -> None:
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    message = card_message(card, "en_GB")
    assert problems(message) == []
    approve = next(
        each for block in message.blocks if block["type"] == "actions"
        for each in block["elements"] if each["action_id"] == APPROVE
    )  # fmt: skip
    ref = unpacked(RequestRef, approve["value"])
    assert (ref.request, ref.revision, ref.digest) == (card.request_id, 1, card.digest)
    assert "£" not in approve["value"]
    assert approve["accessibility_label"] == f"Approve {card.number}"


def test_a_decided_card_has_no_buttons_and_says_who_and_why(company: Company) -> None:
    from engine.service import approve

    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    click(company.stores, card, "max", "reject", reason="too many")
    message = card_message(approve.card(company.stores, card.request_id, now=NOW), "en_GB")
    assert problems(message) == []
    assert not [block for block in message.blocks if block["type"] == "actions"]
    said = " ".join(each["text"] for each in texts(message.blocks))
    assert "rejected on 2 Nov 2026: too many" in said


def test_forms_and_home_are_views_that_slack_takes(company: Company, bea: Person) -> None:
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    ref = RequestRef(request=card.request_id, revision=1, digest=card.digest)
    origin = FormOrigin(ref=ref, channel="C1", ts="1.2")
    manager = person(company.stores, "max")
    for view in (
        reject_form(card_view(card, manager.id, "en_GB"), origin),
        edit_form(card.content, origin),
        home_view(home(company.stores, manager, now=NOW, locale="en_GB")),
        home_view(home(company.stores, bea, now=NOW + timedelta(days=1), locale="en_GB")),
    ):
        assert view_problems(view) == []
    assert FormOrigin.model_validate_json(origin.model_dump_json()) == origin


def test_home_shows_a_manager_what_waits_and_a_buyer_that_nothing_does(
    company: Company, bea: Person
) -> None:
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    manager = person(company.stores, "max")
    for who, waits in ((manager, True), (bea, False)):
        view = home_view(home(company.stores, who, now=NOW, locale="en_GB"))
        said = " ".join(each["text"] for each in texts(view["blocks"]))
        assert (f"{card.number} to Nordlicht GmbH" in said) is waits
        assert ("Nothing waits for your decision." in said) is not waits


def test_home_shows_an_order_that_is_confirmed_otherwise_than_ordered(
    company: Company, bea: Person
) -> None:
    click(company.stores, proposed(company.stores, buy("LAMP-OAK-01", 24)), "max")
    mark_sent(company.stores, "PO-1001")
    said = [ConfirmedLine(line=1, units=12, expected_on=(NOW + timedelta(days=20)).date())]
    confirm(company.stores, "PO-1001", lines=said, person=bea, now=NOW, note="rest in May")
    view = home_view(home(company.stores, bea, now=NOW, locale="en_GB"))
    shown = " ".join(each["text"] for each in texts(view["blocks"]))
    assert "PO-1001 is confirmed otherwise than ordered" in shown
    assert "rest in May; qm po accept, or qm po amend" in shown


def test_home_shows_how_we_did_and_what_one_may_set(company: Company, bea: Person) -> None:
    view = home_view(home(company.stores, bea, now=NOW, locale="en_GB"))
    said = " ".join(each["text"] for each in texts(view["blocks"]))
    for words in ("How we did", "No review yet", "Your settings", "Nothing is set."):
        assert words in said
    set_preference(company.stores, "location", "LEEDS", person=bea, now=NOW)
    view = home_view(home(company.stores, person(company.stores, "bea"), now=NOW, locale="en_GB"))
    assert "location:  LEEDS" in " ".join(each["text"] for each in texts(view["blocks"]))


MADE_UP = (
    "", "{}", "1:2", '{"request":0,"revision":1,"digest":"d"}',
    '{"request":1,"revision":1,"digest":"d","total":5}',
)  # fmt: skip


@pytest.mark.parametrize("value", MADE_UP)
def test_a_value_that_we_did_not_make_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="does not carry"):
        unpacked(RequestRef, value)


def test_a_value_comes_back_as_it_was_packed() -> None:
    ref = SayRef(turn="C1/2", button=3)
    assert unpacked(SayRef, packed(ref)) == ref


def test_the_preview_page_escapes_what_messages_say(company: Company, bea: Person) -> None:
    pieces = [message_html(raw(each)) for each in answer_messages(hostile_answer())]
    pieces.append(view_html(home_view(home(company.stores, bea, now=NOW, locale="en_GB"))))
    page = page_html(HOSTILE, pieces)
    assert "<!channel>" not in page
    assert "<script" not in page
    assert "&lt;!channel&gt;" in page


def test_a_real_answer_becomes_messages_with_its_figures_in_bold(
    company: Company, bea: Person, thread: str
) -> None:
    answer = assistant_for(company).ask(thread, bea, "What should I buy this week?")
    messages = answer_messages(answer)
    assert problems(*messages) == []
    bold = [each["text"] for each in texts(messages[0].blocks)
            if each.get("style", {}).get("bold")]  # fmt: skip
    assert "4" in bold
