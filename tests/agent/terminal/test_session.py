"""A conversation at a terminal, from a question to an approved order."""

import io
import json
from collections.abc import Callable

import pytest
from rich.console import Console

from agent.bootstrap import Company
from agent.terminal import loop
from agent.terminal.session import Goodbye, Note, Session
from engine.model.people import Person
from engine.purchase.revise import ChangeUnits
from engine.service import approve, purchase
from engine.service.approval_card import ApprovalCard
from support.agent import ScriptedModel, assistant_for
from support.purchasing import person

Play = Callable[..., str]


@pytest.fixture
def session(company: Company, bea: Person) -> Session:
    return Session(assistant=assistant_for(company), person=bea, thread_id="terminal-1")


@pytest.fixture
def say(session: Session) -> Play:
    """Say lines and read what is printed."""

    def said(*lines: str, width: int = 130) -> str:
        page = io.StringIO()
        console = Console(file=page, width=width)
        loop.play(session, lines, loop.ScreenPrinter(console))
        return page.getvalue()

    return said


def cards(company: Company) -> tuple[ApprovalCard, ...]:
    return approve.pending(company.stores, now=company.clock.now())


def test_the_whole_way_from_a_question_to_an_approved_order(say: Play, company: Company) -> None:
    page = say(
        "What should I buy this week?",
        "Why that quantity?",
        "Draft it.",
        "/as max",
        "/approvals",
        "approve 1",
        "approve 3",
        "/as dana",
        "/approvals",
        "approve 1",
        "/as bea",
    )
    assert "4 lines are worth buying" in page
    assert "The plan orders 144 units of LAMP-OAK-01" in page
    assert "3 orders wait for approval" in page
    # Above the second limit one approver is not enough.
    assert "PO-1001 needs another approver: Dana Whitfield." in page
    assert purchase.order_view(company.stores, "PO-1001").state == "approved"
    # Bea is told when she looks again.
    told = page.split("/as bea")[1]
    assert "PO-1001 is approved by Max Okafor, Dana Whitfield." in told
    assert "PO-1003 is approved by Max Okafor." in told


def test_whoever_asked_cannot_approve(say: Play, company: Company) -> None:
    page = say("draft a PO for CHAIR-1", "/approvals", "approve 1")
    assert "Not yours to decide. Who may:" in page
    assert len(cards(company)) == 1
    assert purchase.order_view(company.stores, "PO-1001").state == "proposed"


def test_a_rejection_keeps_its_reason(say: Play) -> None:
    page = say("draft a PO for CHAIR-1", "/as max", "/approvals", "reject 1 because too dear",
               "/as bea")  # fmt: skip
    assert "PO-1001 is rejected by Max Okafor." in page
    assert "too dear" in page.split("/as bea")[1]


def test_a_decision_is_bound_to_what_was_shown(say: Play, company: Company, bea: Person) -> None:
    say("draft a PO for CHAIR-1", "/as max", "/approvals")
    view = purchase.order_view(company.stores, "PO-1001")
    line = view.content.lines[0].line
    purchase.revise(
        company.stores,
        "PO-1001",
        changes=[ChangeUnits(line=line, units=8)],
        person=bea,
        now=company.clock.now(),
        why="more chairs",
    )
    page = say("approve 1")
    assert "is approved by" not in page
    assert purchase.order_view(company.stores, "PO-1001").state != "approved"


def test_a_number_that_shows_nothing_decides_nothing(say: Play) -> None:
    assert "Nothing is shown under 7" in say("approve 7")


@pytest.mark.parametrize(
    "line",
    [
        "approve 1 of those",
        "approve 1 and 2",
        "confirm 1 packs of X",
        "Approve 1 only if finance agrees",
        "approve 1?",
        "approve 1 please",
        "reject 1 too dear",
        "approve 1:",
    ],
)
def test_a_decision_is_never_read_into_a_longer_sentence(
    say: Play, company: Company, line: str
) -> None:
    page = say("draft a PO for CHAIR-1", "/as max", "/approvals", line)
    assert "Nothing was decided." in page
    assert len(cards(company)) == 1


@pytest.mark.parametrize("line", ["approve 1", " APPROVE #1 ", "approve 1 because it is urgent",
                                  "approve 1: urgent"])  # fmt: skip
def test_a_decision_is_a_line_of_its_own(say: Play, company: Company, line: str) -> None:
    page = say("draft a PO for CHAIR-1", "/as max", "/approvals", line)
    assert "PO-1001 is approved by Max Okafor." in page
    assert cards(company) == ()


def test_what_one_person_was_shown_does_not_count_for_the_next(say: Play, company: Company) -> None:
    page = say("draft a PO for CHAIR-1", "/as max", "/approvals", "/as mia", "approve 1")
    assert "Nothing is shown under 1" in page
    assert len(cards(company)) == 1


def test_the_model_never_sees_a_decision(company: Company, bea: Person) -> None:
    model = ScriptedModel([])
    session = Session(assistant=assistant_for(company, model), person=bea, thread_id="terminal-2")
    notes = [*session.handle("approve 1"), *session.handle("/approvals"), *session.handle("/help")]
    assert all(isinstance(note, Note) for note in notes)
    assert model.asked == 0


@pytest.mark.parametrize("line", ["²", "9" * 5_000])
def test_a_digit_that_numbers_no_button_is_asked_as_words(say: Play, line: str) -> None:
    assert say(line)


def test_a_numbered_button_says_its_words(say: Play) -> None:
    page = say("What should I buy this week?", "1")
    assert "3 orders wait for approval" in page


def test_markup_from_data_or_people_stays_text(say: Play) -> None:
    page = say("find [bold red]lamp[/bold red] {{c1.x}} \x1b[31m")
    assert "[bold red]lamp[/bold red]" in page
    assert "\x1b[31m" not in page.split("\n", 2)[2]


@pytest.mark.parametrize("line", ["/nonsense", "/as nobody-here"])
def test_a_mistaken_command_says_what_there_is(say: Play, line: str) -> None:
    page = say(line)
    assert "/help" in page or "No person 'nobody-here'" in page


@pytest.mark.parametrize("line", ["/quit", "/exit", "quit"])
def test_leaving_ends_the_conversation(session: Session, line: str) -> None:
    assert list(session.handle(line)) == [Goodbye()]


def test_json_is_one_object_per_output(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.play(session, ["Why LAMP-OAK-01?", "/help"], loop.JsonPrinter())
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["kind"] for each in printed] == ["message", "answer", "message", "note"]
    assert printed[1]["text"].startswith("The plan orders 144 units of LAMP-OAK-01")
    assert printed[1]["run_ids"] == ["run-1"]


def test_a_narrow_terminal_drops_what_matters_least(say: Play) -> None:
    page = say("What should I buy this week?", width=90)
    assert "not shown for lack of width: " in page
    assert "LAMP-OAK-01" in page
    assert max(len(line.rstrip()) for line in page.splitlines()) <= 90


def test_another_budget_is_decided_by_whoever_may(company: Company, bea: Person) -> None:
    """Shown with its consequence; Bea may propose it, Max may confirm it."""
    from engine.service import budget

    proposal = budget.propose_budget(
        company.stores, scope="total", period="2026-W45", cap_minor=4_000_000,
        consequence={"lines_before": 4, "lines_after": 3}, person=bea, now=company.clock.now(),
    )  # fmt: skip
    for who, may in (("bea", False), ("max", True)):
        reader = Session(
            assistant=assistant_for(company), person=person(company.stores, who), thread_id=who
        )
        (shown,) = reader.handle("/approvals")
        assert shown.view.may_decide is may  # type: ignore[union-attr]  # something is shown  a card
        assert shown.view.title == "total budget of 2026-W45"  # type: ignore[union-attr]  # something is shown
    outcome = reader.decisions.decide(
        1, approve=True, reason=None, person=person(company.stores, "max")
    )
    assert outcome.needs_plan
    assert budget.proposal(company.stores, proposal.id).state == "approved"
