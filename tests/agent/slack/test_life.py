"""Questions and decisions in Slack, from the envelope to the message that stands there."""

from dataclasses import replace

import pytest

from agent.occasions import DigestSettings
from agent.slack.actions import APPROVE, EDIT, LINES, REJECT, SNOOZE
from agent.worker.tasks import digests, remind
from engine.purchase.states import OrderState
from engine.service import approve, conversation, inbox, posts, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.jobs import Job
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Fault, until
from evals.rigs.slacksim.state import Message
from support.purchasing import NOW, buy, click, proposed
from support.slack import BEA, BUYING, DANA, MAX, STRANGER, Office, said

JOB = Job(id=1, key="k", kind="k", payload={}, run_at=NOW, claims=1, failures=0)


async def card_of(office: Office, **other: object) -> tuple[ApprovalCard, Message]:
    """A request and the card that stands for it in #buying."""
    card = proposed(office.company.stores, buy("LAMP-OAK-01", 24), **other)
    return card, await office.posted(f"{card.number} to Nordlicht", BUYING)


def state(office: Office, card: ApprovalCard) -> str:
    return approve.status(office.company.stores, card.request_id)


async def test_a_direct_question_is_answered_once_however_often_it_is_delivered(
    office: Office,
) -> None:
    event = acts.say(office.slack, BEA, "D1", "What should I buy this week?")
    for _ in range(3):
        await office.slack.deliver("events_api", event)
    answer = await office.posted("lines are worth buying", "D1")
    assert answer.thread_ts is None
    await until(lambda: posts.counts(office.company.stores.database).get("waiting", 0) == 0)
    assert len([m for m in office.world.of_bot("D1") if "worth buying" in m.text]) == 1
    assert inbox.counts(office.company.stores.database) == {"done": 1}


async def test_a_mention_is_answered_in_its_thread_and_the_thread_goes_on(office: Office) -> None:
    asked = acts.say(office.slack, BEA, BUYING, "<@U0BOT> what should I buy this week?")
    await office.slack.deliver("events_api", asked)
    answer = await office.posted("worth buying", BUYING)
    thread = asked["event"]["ts"]
    assert answer.thread_ts == thread
    more = acts.say(office.slack, BEA, BUYING, "Why 144 of LAMP-OAK-01?", thread)
    await office.slack.deliver("events_api", more)
    assert (await office.posted("144 units of LAMP-OAK-01", BUYING)).thread_ts == thread


async def test_talk_among_people_is_left_alone(office: Office) -> None:
    for text, thread in (("lunch?", None), ("yes", "1.1")):
        await office.slack.deliver("events_api", acts.say(office.slack, BEA, BUYING, text, thread))
    await office.slack.deliver("events_api", acts.say(office.slack, BEA, "D1", "help"))
    await until(lambda: office.world.of_bot("D1"))
    assert office.world.of_bot(BUYING) == []


async def test_somebody_unknown_is_told_so_and_gets_nothing(office: Office) -> None:
    await office.slack.deliver(
        "events_api", acts.say(office.slack, STRANGER, "D9", "What should I buy?")
    )
    answer = await office.posted("I do not know you yet", "D9")
    assert "LAMP" not in said(answer)


async def test_draft_it_puts_cards_up_and_a_click_approves(office: Office) -> None:
    for text in ("What should I buy this week?", "Draft it."):
        await office.slack.deliver("events_api", acts.say(office.slack, BEA, "D1", text))
    card = await office.posted("to Oakhurst Joinery: waits", BUYING)
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, card, APPROVE))
    await office.whispered("is approved by Max Okafor")
    await until(lambda: "approved" in card.text)
    assert not [block for block in card.blocks if block["type"] == "actions"]
    assert (await office.posted("is approved by Max Okafor", "D1")).is_bot
    number = card.text.split()[0]
    assert purchase.order_view(office.company.stores, number).state == OrderState.APPROVED


async def test_two_managers_in_the_same_second_make_one_decision(office: Office) -> None:
    card, message = await card_of(office)
    # All three saw the button; the card may be drawn anew before the last click is delivered.
    clicks = [acts.press(office.slack, user, message, APPROVE) for user in (MAX, DANA, MAX)]
    for pressed in clicks:
        await office.slack.deliver("interactive", pressed)
    await until(lambda: len(office.world.ephemerals) == 3)
    told = [each["text"] for each in office.world.ephemerals]
    assert sum("is approved by" in each for each in told) >= 1
    view = approve.card(office.company.stores, card.request_id, now=NOW)
    assert [made.approver for made in view.decisions] == ["max"]
    assert state(office, card) == "approved"


async def test_who_may_not_approve_is_told_who_may(office: Office) -> None:
    card, message = await card_of(office)
    await office.slack.deliver("interactive", acts.press(office.slack, BEA, message, APPROVE))
    told = await office.whispered("Max Okafor")
    assert told["user"] == BEA
    assert state(office, card) == "pending"


async def test_rejecting_asks_why_in_a_form(office: Office) -> None:
    card, message = await card_of(office)
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, message, REJECT))
    form = await until(lambda: office.world.opened and office.world.opened[-1])
    await office.slack.deliver(
        "interactive", acts.submit(office.slack, MAX, form, {"reason": "too many"})
    )
    await office.whispered("is rejected by Max Okafor")
    await until(lambda: "too many" in said(message))
    assert state(office, card) == "rejected"


async def test_an_edited_order_is_a_new_revision_that_somebody_else_approves(
    office: Office,
) -> None:
    card, message = await card_of(office)
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, message, EDIT))
    form = await until(lambda: office.world.opened and office.world.opened[-1])
    filled = {"line.0": "36", "reason": "a promotion"}
    await office.slack.deliver("interactive", acts.submit(office.slack, MAX, form, filled))
    await office.whispered("waits for approval at revision 2")
    renewed = await office.posted("revision 2", BUYING)
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, renewed, APPROVE))
    await until(lambda: len(office.world.ephemerals) == 2)
    view = purchase.order_view(office.company.stores, card.number)
    assert (view.state, view.content.lines[0].units) == (OrderState.PROPOSED, 36)


async def test_a_decision_made_elsewhere_reaches_the_card(office: Office) -> None:
    card, message = await card_of(office)
    click(office.company.stores, card, "max")
    await until(lambda: "approved" in message.text)


async def test_a_card_whose_posting_got_no_answer_stands_there_once(office: Office) -> None:
    office.slack.faults.append(Fault("lost", "chat.postMessage"))
    card, message = await card_of(office)
    await until(office.in_doubt)
    office.company.clock.advance(60)  # type: ignore[attr-defined]  set by hand
    await until(lambda: posts.counts(office.company.stores.database) == {"shown": 1})
    assert [m for m in office.world.of_bot(BUYING) if card.number in m.text] == [message]


async def test_a_busy_slack_is_waited_for_and_others_are_not_held_up(office: Office) -> None:
    office.slack.faults.append(Fault("busy", "chat.postMessage", seconds=30))
    card = proposed(office.company.stores, buy("LAMP-OAK-01", 24))
    await until(lambda: "chat.postMessage" in [name for name, _ in office.slack.calls])
    await office.slack.deliver("events_api", acts.say(office.slack, BEA, "D1", "help"))
    await until(lambda: office.world.of_bot("D1"))
    assert office.world.of_bot(BUYING) == []
    office.company.clock.advance(31)  # type: ignore[attr-defined]  as above
    await office.posted(card.number, BUYING)


async def test_app_home_shows_what_waits_for_me(office: Office) -> None:
    card, _ = await card_of(office)
    await office.slack.deliver("events_api", acts.open_home(office.slack, MAX))
    view = await until(lambda: office.world.homes.get(MAX))
    assert card.number in str(view)


async def test_a_slash_command_is_answered_in_a_direct_message(office: Office) -> None:
    asked = acts.command(office.slack, BEA, "what should I buy this week?", BUYING)
    await office.slack.deliver("slash_commands", asked)
    await office.posted("worth buying", "D1")


async def test_a_forecast_comes_with_its_picture_and_what_it_shows_in_words(
    office: Office,
) -> None:
    asked = acts.say(office.slack, BEA, "D1", "Draw the forecast of LAMP-OAK-01 in Leeds")
    await office.slack.deliver("events_api", asked)

    def pictures() -> list[dict[str, object]]:
        return [b for m in office.world.of_bot("D1") for b in m.blocks if b["type"] == "image"]

    (picture,) = await until(pictures, 30)
    assert "LAMP-OAK-01" in str(picture["alt_text"])
    assert office.world.files[0]["content"].startswith(b"\x89PNG")


@pytest.mark.parametrize("is_lost", [False, True], ids=["answered", "answer lost"])
async def test_all_lines_come_once_as_files_in_the_thread_of_the_card(
    office: Office, *, is_lost: bool
) -> None:
    card, message = await card_of(office)
    if is_lost:
        office.slack.faults.append(Fault("lost", "files.completeUploadExternal"))
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, message, LINES))
    await office.whispered("follow in the thread")

    def files() -> list[str]:
        shared = [m for m in office.world.of_bot(BUYING) if m.files and m.thread_ts == message.ts]
        return sorted(each["name"] for m in shared for each in m.files)

    if is_lost:
        await until(office.in_doubt, 30)
        office.company.clock.advance(60)  # type: ignore[attr-defined]  as above
    await until(lambda: len(files()) == 2, 30)
    await until(lambda: posts.counts(office.company.stores.database) == {"shown": 3})
    assert sorted(name.rpartition(".")[2] for name in files()) == ["csv", "pdf"]
    assert all(name.startswith(card.number) for name in files())


async def test_a_digest_stands_in_its_channel_with_its_thread(office: Office) -> None:
    plan = DigestSettings(name="buying", channel=BUYING, at="30 8 * * mon")
    settings = office.company.settings.model_copy(update={"digests": (plan,)})
    company = replace(office.company, loaded=replace(office.company.loaded, settings=settings))
    digests.run(company, JOB)
    parent = await office.posted("2 things need you", BUYING)
    await until(lambda: posts.counts(company.stores.database) == {"shown": 1})
    digests.run(company, JOB)
    first = await office.posted("First to buy", BUYING)
    assert first.thread_ts == parent.ts


async def test_a_reminder_is_drawn_anew_when_it_was_decided(office: Office) -> None:
    card, _ = await card_of(office)
    office.company.clock.advance(25 * 3600)  # type: ignore[attr-defined]  as above
    remind.run(office.company, JOB)
    reminder = await office.posted("still waits for your decision", "D2")
    await office.slack.deliver("interactive", acts.press(office.slack, MAX, reminder, APPROVE))
    await until(lambda: "is approved by Max Okafor" in reminder.text)
    assert state(office, card) == "approved"


async def test_what_is_put_off_leaves_the_digest(office: Office) -> None:
    plan = DigestSettings(name="buying", channel=BUYING, at="30 8 * * mon")
    settings = office.company.settings.model_copy(update={"digests": (plan,)})
    company = replace(office.company, loaded=replace(office.company.loaded, settings=settings))
    digests.run(company, JOB)
    parent = await office.posted("2 things need you", BUYING)
    await office.slack.deliver("interactive", acts.press(office.slack, BEA, parent, SNOOZE))
    form = await until(lambda: office.world.opened and office.world.opened[-1])
    filled = {"until": "2026-11-16", "reason": "the delivery is at the door"}
    await office.slack.deliver("interactive", acts.submit(office.slack, BEA, form, filled))
    await office.whispered("Put off until 2026-11-16")
    await until(lambda: "1 thing needs you" in parent.text)


async def test_a_notice_of_any_kind_reaches_the_one_it_was_left_for(office: Office) -> None:
    with office.company.stores.database.write() as work:
        conversation.tell(
            work, key="k", person_id="bea", kind="rejected", payload={"order": "PO-7"}, now=NOW
        )
    told = await office.posted("Goods of PO-7 were refused", "D1")
    assert told.is_bot
