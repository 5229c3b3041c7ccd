"""Each scene breaks one thing and returns what does not hold afterwards; nothing means all is well.

A scene ends as people and Slack would end it: what was not heard is told again, time goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable

from agent.slack.actions import EDIT
from engine.purchase.revise import ChangeUnits
from engine.service import approve, purchase
from evals.orders.world import PACK, person
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Fault, FaultKind
from evals.rigs.slacksim.state import Message
from evals.slack_faults.stage import BUYER, CARDS, MANAGERS, PATIENCE_SECONDS, Stage, key_of
from evals.slack_faults.waiting import eventually

Scene = Callable[[Stage], Awaitable[list[str]]]
KINDS: tuple[FaultKind, ...] = ("busy", "error", "lost", "slow", "garbled", "plain")
METHODS = (
    "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.history", "*",
)  # fmt: skip
DIRECT = "DBEA"
ANSWERS = ("answer", "note", "progress")  # how the keys of their posts begin


async def slack_fails(stage: Stage) -> list[str]:
    """Up to four calls of a card's life go wrong, each in its way."""
    for _ in range(int(stage.draws.integers(1, 5))):
        kind, method = stage.draws.choice(KINDS), stage.draws.choice(METHODS)
        stage.slack.faults.append(Fault(str(kind), str(method)))  # type: ignore[arg-type]  one of KINDS
    card = stage.ask()
    await eventually(stage, lambda: stage.card_of(card))
    await stage.insist("interactive", stage.press("UM0", _card(stage, card)))
    await stage.settled()
    stage.slack.faults.clear()
    return [*stage.wrong_card(card, "approved"), *stage.problems()]


async def answer_is_lost(stage: Stage) -> list[str]:
    """The answer to a question is posted, and Slack's word that it is gets lost."""
    kinds = [str(stage.draws.choice(KINDS)) for _ in range(2)]
    stage.slack.faults += [Fault(kind, "chat.postMessage") for kind in kinds]  # type: ignore[arg-type]  as above
    before = len(stage.world.of_bot(DIRECT))
    await stage.insist("events_api", acts.say(stage.slack, BUYER, DIRECT, "What waits?"))
    await stage.settled()
    stage.slack.faults.clear()
    return [*_answers(stage, before, 1), *stage.problems()]


async def delivered_again(stage: Stage) -> list[str]:
    """A question and a click, each delivered up to four times, some at the same moment."""
    card, message = await stage.carded()
    before = len(stage.world.of_bot(DIRECT))
    question = acts.say(stage.slack, BUYER, DIRECT, "What waits?")
    click = stage.press("UM1", message)
    times = int(stage.draws.integers(2, 5))
    await asyncio.gather(
        *(stage.insist("events_api", question) for _ in range(times)),
        *(stage.insist("interactive", click) for _ in range(times)),
    )
    await stage.settled()
    return [*stage.wrong_card(card, "approved"), *_answers(stage, before, 1), *stage.problems()]


async def connection_lost(stage: Stage) -> list[str]:
    """The connection goes while a click is on its way; or its acknowledgement comes too late."""
    card, message = await stage.carded()
    click = stage.press("UM2", message)
    delivering = asyncio.create_task(stage.deliver("interactive", click, 0.02))
    await asyncio.sleep(float(stage.draws.random() * 0.02))
    await stage.slack.disconnect()
    await delivering
    await stage.insist("interactive", click)
    await stage.settled()
    return [*stage.wrong_card(card, "approved"), *stage.problems()]


async def out_of_order(stage: Stage) -> list[str]:
    """The newer of two questions first; and the click on a card that was changed before it came."""
    card, message = await stage.carded()
    old = stage.press("UM0", message)
    view = purchase.revise(
        stage.stores, card.number, changes=[ChangeUnits(line=1, units=PACK * 31)],
        person=person(stage.stores, "bea"), now=stage.clock.now(), why="more is needed",
    )  # fmt: skip
    purchase.propose(
        stage.stores, view.number, person=person(stage.stores, "bea"), now=stage.clock.now()
    )
    before = len(stage.world.of_bot(DIRECT))
    asked = [acts.say(stage.slack, BUYER, DIRECT, "What waits?") for _ in range(2)]
    for event in asked[::-1]:
        await stage.insist("events_api", event)
    already = stage.told("UM0")
    await stage.insist("interactive", old)
    await stage.settled()
    found = [] if stage.told("UM0") - already else ["the late click has no answer"]
    if approve.status(stage.stores, card.request_id) == "approved":
        found.append("a click on what was changed approved it")
    return [*found, *_answers(stage, before, 2), *stage.problems()]


async def dies_at_a_statement(stage: Stage) -> list[str]:
    """The process that has a click in hand dies before some statement of it; another goes on."""
    card, message = await stage.carded()
    process = stage.processes[-1]
    process.death.after(int(stage.draws.integers(1, 60)))
    click = stage.press("UM0", message)
    await stage.deliver("interactive", click)
    for _ in range(20):
        if process.death.is_dead:
            break
        await asyncio.sleep(0.02)
    await stage.kill(process)
    await stage.start()
    await stage.insist("interactive", stage.press("UM0", message))  # pressed again, as people do
    await stage.settled()
    return [*stage.wrong_card(card, "approved"), *stage.problems()]


async def dies_while_posting(stage: Stage) -> list[str]:
    """Slack has the message, the process that posted it ends before it hears so."""
    process = stage.processes[-1]
    stage.slack.faults.append(Fault("slow", "chat.postMessage", seconds=0.3))
    calls = len(stage.slack.calls)
    card = stage.ask()
    await eventually(
        stage, lambda: any(m == "chat.postMessage" for m, _ in stage.slack.calls[calls:])
    )
    await asyncio.sleep(float(stage.draws.random() * 0.05))
    await stage.kill(process)
    stage.slack.faults.clear()
    await stage.start()
    await eventually(stage, lambda: stage.card_of(card))
    await stage.insist("interactive", stage.press("UM1", _card(stage, card)))
    await stage.settled()
    return [*stage.wrong_card(card, "approved"), *stage.problems()]


async def two_replicas(stage: Stage) -> list[str]:
    """Two processes; two managers press the same card, a buyer asks, all at the same moment."""
    second = await stage.start()
    card, message = await stage.carded()
    before = len(stage.world.of_bot(DIRECT))
    already = {user: stage.told(user) for user in MANAGERS[:2]}
    question = acts.say(stage.slack, BUYER, DIRECT, "What waits?")
    await asyncio.gather(
        *(stage.insist("interactive", stage.press(user, message)) for user in MANAGERS[:2]),
        *(stage.insist("events_api", question) for _ in range(2)),
    )
    await stage.settled()
    silent = [f"{user} has no answer" for user in already if not stage.told(user) - already[user]]
    await stage.end(second)
    return [
        *stage.wrong_card(card, "approved"), *_answers(stage, before, 1), *silent,
        *stage.problems(),
    ]  # fmt: skip


async def decided_elsewhere(stage: Stage) -> list[str]:
    """The order is decided in the terminal in the moment of the click."""
    card, message = await stage.carded()
    already = stage.told("UM0")
    verdict = "approve" if stage.draws.random() < 0.5 else "reject"

    def decide() -> str:
        return approve.decide(
            stage.stores, request_id=card.request_id, revision=card.revision, digest=card.digest,
            decision=verdict, person=person(stage.stores, "m1"), now=stage.clock.now(),
            reason="too much" if verdict == "reject" else None,
        ).result  # fmt: skip

    await asyncio.gather(
        asyncio.to_thread(decide), stage.insist("interactive", stage.press("UM0", message))
    )
    await stage.settled()
    state = approve.status(stage.stores, card.request_id)
    silent = [] if stage.told("UM0") - already else ["the click has no answer"]
    return [*silent, *stage.wrong_card(card, state), *stage.problems()]


async def tampered(stage: Stage) -> list[str]:
    """A button whose value somebody made up decides nothing, and is answered."""
    card, message = await stage.carded()
    click = stage.press("UM0", message)
    made_up = (
        "", "{}", "x" * 2000, click["actions"][0]["value"].replace('"revision":1', '"revision":2'),
        click["actions"][0]["value"].replace(card.digest[:8], "00000000"), '{"request":"1"}',
    )  # fmt: skip
    already = stage.told("UM0")
    click["actions"][0]["value"] = str(stage.draws.choice(made_up))
    if stage.draws.random() < 0.3:
        click["actions"][0]["action_id"] = f"{EDIT}.nothing"
    await stage.insist("interactive", click)
    await stage.settled()
    silent = [] if stage.told("UM0") - already else ["it has no answer"]
    return [*silent, *stage.wrong_card(card, "pending", 0), *stage.problems()]


async def token_revoked(stage: Stage) -> list[str]:
    """The token is refused for a while; what was to be said is said once it is mended."""
    right, stage.slack.bot_token = stage.slack.bot_token, "xoxb-other"
    card = stage.ask()
    await stage.insist("events_api", acts.say(stage.slack, BUYER, DIRECT, "What waits?"))
    before = len(stage.world.of_bot(DIRECT))
    await asyncio.sleep(0.2)
    stage.slack.bot_token = right
    await stage.settled()
    await stage.settled()  # the card, if nobody had looked for it yet
    return [*stage.wrong_card(card, "pending", 0), *_answers(stage, before, 1), *stage.problems()]


def _answers(stage: Stage, before: int, wanted: int) -> list[str]:
    """Answers to questions since; outcomes told to the requester are not counted."""
    new = [m for m in stage.world.of_bot(DIRECT)[before:] if key_of(m).startswith(ANSWERS)]
    return [] if len(new) == wanted else [f"{len(new)} answers to {wanted} questions"]


def _card(stage: Stage, card: approve.ApprovalCard) -> Message:
    found = stage.card_of(card)
    if found is None:
        raise LookupError(f"no card of {card.number} in {CARDS} within {PATIENCE_SECONDS} s")
    return found
