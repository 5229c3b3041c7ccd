"""Scenes of approvals and exceptions that take more than one person, or more than one day."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.llm.port import Call, Question, Reply
from agent.slack.actions import APPROVE, ASSIGN, CONFIRM_BUDGET, FEEDBACK, SOURCES, STOP
from agent.slack.listeners.commands import SHORTCUT
from agent.surfaces import SLACK
from agent.worker.tasks import expire
from engine.purchase.revise import ChangeUnits
from engine.service import approve, budget, delegation, inbox, people, posts, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.jobs import Job
from engine.service.policy_file import parse_policy
from engine.service.posts import Place
from engine.store.tables.surfaces import feedback
from engine.store.tables.work import jobs
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.living import living
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Message
from support.agent import ScriptedModel, assistant_for
from support.purchasing import NOW, POLICY, buy, person, proposed
from support.slack import BEA, BUYING, DANA, MAX, Office, connected, said

JOB = Job(id=1, key="k", kind="k", payload={}, run_at=NOW, claims=1, failures=0)


async def card_of(office: Office, units: int = 24) -> tuple[ApprovalCard, Message]:
    card = proposed(office.company.stores, buy("LAMP-OAK-01", units))
    return card, await office.posted(f"{card.number} to Nordlicht", BUYING)


async def press(office: Office, user: str, message: Message, action: str = APPROVE) -> None:
    await office.slack.deliver("interactive", acts.press(office.slack, user, message, action))


def state(office: Office, card: ApprovalCard) -> str:
    return approve.status(office.company.stores, card.request_id)


async def test_the_words_of_the_product_are_answered_and_traced(office: Office) -> None:
    for text, words in (
        ("What should I buy this week?", "lines are worth buying"),
        ("What needs me?", "need you"),
        ("Why 144 of LAMP-OAK-01 and not 120?", "144 units of LAMP-OAK-01"),
    ):
        await office.slack.deliver("events_api", acts.say(office.slack, BEA, "D1", text))
        answer = await office.posted(words, "D1")
    pressed = acts.press(office.slack, BEA, answer, SOURCES)
    await office.slack.deliver("interactive", pressed)
    sources = await office.posted("rests on plan run run-1", "D1")
    assert sources.thread_ts is None  # a button goes on where the answer was given
    liked = acts.judge(office.slack, BEA, answer, FEEDBACK, "positive_button")
    await office.slack.deliver("interactive", liked)
    await office.whispered("Thank you")
    with office.company.stores.database.read() as look:
        assert look.execute(sa.select(feedback.c.verdict)).scalars().all() == ["good"]


async def test_a_budget_is_confirmed_by_who_may_and_planned_again(office: Office) -> None:
    stores = office.company.stores
    asked = budget.propose_budget(
        stores, scope="total", period="2026-W45", cap_minor=4_000_000, now=NOW,
        consequence={"lines_before": 4, "lines_after": 3}, person=person(stores, "bea"),
    )  # fmt: skip
    with stores.database.write() as work:
        posts.want(
            work, key=f"budget:{asked.id}", surface=SLACK, kind="budget", now=NOW,
            place=Place(team="T1", channel=BUYING), ref={"proposal": asked.id},
        )  # fmt: skip
    card = await office.posted("waits for a decision", BUYING)
    await press(office, BEA, card, CONFIRM_BUDGET)
    await office.whispered("no right to set_budget")
    await press(office, MAX, card, CONFIRM_BUDGET)
    await office.whispered("is in force")
    await until(lambda: "in force" in said(card) or "approved" in said(card))
    with office.company.stores.database.read() as look:
        kinds = look.execute(sa.select(jobs.c.kind)).scalars().all()
    assert kinds == ["plan"]


async def test_a_message_of_a_colleague_is_answered_from_its_menu(office: Office) -> None:
    office.world.messages.append(
        Message(channel=BUYING, ts="5.5", user=MAX, text="What should I buy this week?")
    )
    chosen = acts.shortcut(office.slack, BEA, office.world.messages[-1], SHORTCUT)
    await office.slack.deliver("interactive", chosen)
    answer = await office.posted("worth buying", BUYING)
    assert answer.thread_ts == "5.5"


async def test_a_text_that_is_no_question_any_more_is_said_to_be_too_long(office: Office) -> None:
    await office.slack.deliver("events_api", acts.say(office.slack, BEA, "D1", "x" * 9_000))
    await office.posted("longer than 8,000 characters", "D1")


async def test_a_large_order_takes_two_people_and_the_card_says_who_is_left(
    office: Office,
) -> None:
    card, message = await card_of(office, units=144)
    await press(office, MAX, message)
    await until(lambda: "Max Okafor said approve" in said(message))
    assert "May approve: Dana Whitfield" in said(message)
    assert state(office, card) == "pending"
    await press(office, MAX, message)
    await office.whispered("has approved")
    await press(office, DANA, message)
    await until(lambda: "approved" in message.text)
    for name in ("Max Okafor", "Dana Whitfield"):
        assert f"'text': '{name}'" in said(message)
    assert (await office.posted("is approved by Max Okafor, Dana Whitfield", "D1")).is_bot


async def test_who_stands_in_for_somebody_approves_in_their_name(office: Office) -> None:
    stores = office.company.stores
    card, message = await card_of(office, units=108)  # above the limit of Max
    await press(office, MAX, message)
    await office.whispered("above the limit of Max Okafor")
    delegation.lend(
        stores, taker="max", first_day=NOW.date(), last_day=NOW.date() + timedelta(days=3),
        reason="I am at the fair", person=person(stores, "dana"), now=NOW,
    )  # fmt: skip
    await press(office, MAX, message)
    await until(lambda: "approved" in message.text)
    assert "for Dana Whitfield approved" in said(message)
    assert state(office, card) == "approved"


async def test_what_nobody_decides_expires_and_an_old_button_says_so(office: Office) -> None:
    card, message = await card_of(office)
    click = acts.press(office.slack, MAX, message, APPROVE)
    office.company.clock.advance(73 * 3600)  # type: ignore[attr-defined]  set by hand
    expire.run(office.company, JOB)
    await until(lambda: "expired" in message.text)
    assert not [block for block in message.blocks if block["type"] == "actions"]
    await office.slack.deliver("interactive", click)
    await office.whispered("ran out before it was decided")
    assert state(office, card) == "expired"
    assert (await office.posted("is expired", "D1")).is_bot


async def test_an_old_button_refuses_what_was_changed_since_it_was_seen(office: Office) -> None:
    stores = office.company.stores
    card, message = await card_of(office)
    click = acts.press(office.slack, MAX, message, APPROVE)
    bea = person(stores, "bea")
    purchase.revise(
        stores, card.number, changes=[ChangeUnits(line=1, units=48)], person=bea, now=NOW,
        why="a promotion",
    )  # fmt: skip
    purchase.propose(stores, card.number, person=bea, now=NOW)
    await office.slack.deliver("interactive", click)
    await office.whispered("24 → 48 units")
    await until(lambda: "no longer up for decision" in message.text)
    renewed = await office.posted("24 → 48 units", BUYING)
    await press(office, MAX, renewed)
    await until(lambda: "approved" in renewed.text)


async def test_who_has_left_decides_nothing_any_more(office: Office) -> None:
    card, message = await card_of(office)
    click = acts.press(office.slack, MAX, message, APPROVE)
    without = POLICY.replace("user_id: U2", "user_id: U2-left")
    people.sync(office.company.stores, parse_policy(without, "people.yaml"), now=NOW)
    await office.slack.deliver("interactive", click)
    await office.whispered("I do not know you yet")
    assert state(office, card) == "pending"


async def test_an_exception_is_given_to_somebody_who_is_told(office: Office) -> None:
    await office.slack.deliver("slash_commands", acts.command(office.slack, BEA, "digest", BUYING))
    parent = await office.posted("2 things need you", "D1")
    await office.posted("First to buy", "D1")
    await press(office, BEA, parent, ASSIGN)
    form = await until(lambda: office.world.opened and office.world.opened[-1])
    filled = {"who": "max", "until": "2026-11-09", "reason": "Call them."}
    await office.slack.deliver("interactive", acts.submit(office.slack, BEA, form, filled))
    await office.whispered("Max Okafor looks after it now")
    await until(lambda: "Max Okafor looks after it" in said(parent))
    told = await office.posted("Bea Marsh asks you to look after this.", "D2")
    assert "stock out soon: LAMP-OAK-01" in said(told)


VERBS = {
    "": "/qm approvals: Which orders wait",
    "help": "/qm digest [name]",
    "approvals": "no such purchase orders",
    "budget": "budget",
    "orders": "no such purchase orders",
    "buy": "worth buying",
    "digest nowhere": "nowhere",
}


async def test_each_verb_after_qm_does_what_it_says(http_office: Office) -> None:
    office = http_office
    for text, words in VERBS.items():
        before = len(office.world.of_bot("D1"))
        asked = acts.command(office.slack, BEA, text, BUYING)
        await office.slack.deliver("slash_commands", asked)

        def answered(before: int = before, words: str = words) -> bool:
            return any(words in said(each) for each in office.world.of_bot("D1")[before:])

        await until(answered)
    await office.slack.deliver("slash_commands", acts.command(office.slack, BEA, "stop", BUYING))
    await office.whispered("not working on anything for you")


@asynccontextmanager
async def slow_office(
    company: Company, slack: Slack, transport: str, gate: Event
) -> AsyncGenerator[Office, None]:
    """A model that thinks until the gate opens, in an office that shows progress at once."""

    def thinks(_question: Question) -> Reply:
        gate.wait(20)
        return Reply(calls=(Call(tool="list_exceptions", arguments={}),))

    linked = connected(company, slack, transport=transport, progress_seconds=0.05)
    async with living(assistant_for(linked, ScriptedModel([thinks])), slack) as alive:
        yield Office(slack=slack, company=alive.company, service=alive.service)


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_long_question_shows_that_it_is_worked_on_and_can_be_stopped(
    company: Company, slack: Slack, transport: str
) -> None:
    gate = Event()
    async with slow_office(company, slack, transport, gate) as office:
        asked = acts.say(slack, BEA, BUYING, "<@U0BOT> What needs me?")
        await slack.deliver("events_api", asked)
        working = await office.posted("Working on it", BUYING)
        seen = replace(working)
        await press(office, MAX, seen, STOP)
        await office.whispered("Only whoever asked")
        await press(office, BEA, seen, STOP)
        await until(lambda: working.text.startswith("Stopping"))
        gate.set()
        await until(lambda: working.text == "Stopped. Nothing was changed.")
        assert office.world.of_bot(BUYING) == [working]
        await press(office, BEA, seen, STOP)
        await office.whispered("That is done already")


async def test_the_answer_takes_the_place_of_the_progress_and_nothing_is_left_over(
    company: Company, slack: Slack
) -> None:
    gate = Event()
    async with slow_office(company, slack, "http", gate) as office:
        asked = acts.command(slack, BEA, "what needs me?", BUYING)
        await slack.deliver("slash_commands", asked)
        working = await office.posted("Working on it", "D1")
        stop = acts.command(slack, BEA, "stop", BUYING)
        await slack.deliver("slash_commands", stop)
        await office.whispered("Stopping 1 questions")
        gate.set()
        await until(lambda: working.text == "Stopped. Nothing was changed.")
        await until(lambda: posts.counts(company.stores.database) == {"shown": 1})


async def test_no_word_of_progress_is_left_over_by_a_verb_or_by_talk_among_people(
    company: Company, slack: Slack
) -> None:
    linked = connected(company, slack, transport="http", progress_seconds=0.0001)
    async with living(assistant_for(linked), slack) as alive:
        office = Office(slack=slack, company=alive.company, service=alive.service)
        talk = acts.say(slack, BEA, BUYING, "lunch?", "1.1")
        await slack.deliver("events_api", talk)
        for verb in ("digest", "help"):
            await slack.deliver("slash_commands", acts.command(slack, BEA, verb, BUYING))
        await office.posted("First to buy", "D1")
        await office.posted("/qm approvals", "D1")
        await until(lambda: inbox.counts(company.stores.database) == {"done": 3})
        await until(lambda: set(posts.counts(company.stores.database)) == {"shown"})
        assert not [m for m in office.world.of_bot() if m.text.startswith("Working")]
        assert office.world.of_bot(BUYING) == []


async def test_a_person_who_cannot_be_written_to_holds_nobody_up(http_office: Office) -> None:
    office = http_office
    office.world.users[BEA]["deleted"] = True
    card, message = await card_of(office)
    await press(office, MAX, message)
    await until(lambda: "approved" in message.text)
    await until(lambda: posts.counts(office.company.stores.database).get("dead") == 1)
    (stuck,) = posts.stuck(office.company.stores.database, "slack")
    assert (stuck.key.split(":")[0], stuck.error) == ("notice", "user_disabled")
    assert state(office, card) == "approved"
