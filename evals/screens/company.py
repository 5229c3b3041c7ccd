"""The demo company on a fixed Monday, with orders in every state that a card may show."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.demo.prepare import DemoPlace, open_demo, prepare
from agent.turns import Assistant
from agent.views.answer import Answer
from engine.model.people import Person
from engine.purchase.revise import ChangeUnits
from engine.service import approve, conversation, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.policy_file import parse_policy
from engine.service.proposing import expire_due
from engine.simulate.company.team import PEOPLE_FILE

SEED, SUNDAY = 7, date(2026, 11, 15)
MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
BUY = "What should I buy this week with 50k?"
POLICY = PEOPLE_FILE.replace("above: 25000", "above: 5000")  # so that one order needs two people
FOUR_DAYS = timedelta(days=4)  # longer than a request waits


@dataclass
class HandClock:
    """Time stands still until it is moved."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, kw_only=True)
class Office:
    """The company, and people who talk to it."""

    assistant: Assistant
    clock: HandClock = field(repr=False)

    @property
    def company(self) -> Company:
        return self.assistant.company

    def person(self, who: str) -> Person:
        return people.person_as_demo(self.company.stores, who)

    def ask(self, who: str, *texts: str) -> Answer:
        """The answer to the last of some messages in a new conversation."""
        person, thread = self.person(who), f"screens-{who}-{texts[0][:40]}"
        conversation.open_thread(
            self.company.stores, thread, surface="slack", person=person, now=self.clock.now()
        )
        return [self.assistant.ask(thread, person, text) for text in texts][-1]

    def card(self, request: int) -> ApprovalCard:
        return approve.card(self.company.stores, request, now=self.clock.now())

    def decide(self, request: int, who: str, decision: str, reason: str | None = None) -> None:
        card = self.card(request)
        approve.decide(
            self.company.stores, request_id=request, revision=card.revision, digest=card.digest,
            decision=decision, person=self.person(who), now=self.clock.now(), reason=reason,  # type: ignore[arg-type]  approve or reject
        )  # fmt: skip


@contextmanager
def open_office(home: Path) -> Generator[Office, None, None]:
    """Made, imported and planned in this folder; about half a minute the first time."""
    place = DemoPlace(home=home, seed=SEED, last_day=SUNDAY)
    clock = HandClock()
    with open_demo(place, {"QM_HOME": str(home)}) as bare:
        company = replace(bare, clock=clock)
        prepare(company, place)
        people.sync(company.stores, parse_policy(POLICY, "screens"), now=clock.now())
        with open_assistant(company) as assistant:
            yield Office(assistant=assistant, clock=clock)


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Requests by how they stand."""

    waits: int
    half_approved: int  # finance must approve as well
    changed: int  # asked for again, and what is different is shown
    approved: int
    rejected: int
    expired: int
    void: int


def decided(office: Office) -> Cards:
    """One request in each state, from what the plan proposes to buy."""
    drafted = [int(each) for each in office.ask("buyer", BUY, "Draft it.").waits]
    by_size = sorted(drafted, key=lambda each: -office.card(each).judged_minor)
    largest, waits, void, approved, rejected, expired, *_ = by_size
    office.decide(largest, "manager", "approve")
    office.decide(approved, "manager", "approve")
    office.decide(rejected, "deputy", "reject", "Too much for November: halve the lamps.")
    changed = _changed(office, void)
    office.clock.at += FOUR_DAYS
    expire_due(office.company.stores, now=office.clock.now())
    return Cards(
        half_approved=_asked_again(office, largest, "manager"), expired=expired, void=void,
        waits=_asked_again(office, waits), changed=_asked_again(office, changed),
        approved=approved, rejected=rejected,
    )  # fmt: skip


def _asked_again(office: Office, request: int, approver: str = "") -> int:
    """The request that follows one which ran out."""
    number = office.card(request).number
    again = _request_of(office, number, office.person("buyer"))
    if approver:
        office.decide(again, approver, "approve")
    return again


def _changed(office: Office, request: int) -> int:
    """The request that takes the place of a void one: its first line is halved."""
    card, buyer = office.card(request), office.person("buyer")
    line = card.content.lines[0]
    packs = max(line.units // line.case_pack // 2, 1)
    purchase.revise(
        office.company.stores, card.number, person=buyer, now=office.clock.now(),
        changes=[ChangeUnits(line=line.line, units=packs * line.case_pack)],
        why="half now, half in December",
    )  # fmt: skip
    return _request_of(office, card.number, buyer)


def _request_of(office: Office, number: str, buyer: Person) -> int:
    stores, now = office.company.stores, office.clock.now()
    purchase.propose(stores, number, person=buyer, now=now)
    found: Sequence[ApprovalCard] = approve.pending(stores, now=now)
    return next(card.request_id for card in found if card.number == number)
