"""A question from Slack: who asks, what, and the posts that answer it.

What the answer leads to (its posts, cards for what waits now, the event being done) is one
transaction: killed before it, the event is worked again and the turn resumed; after it, nothing is
left to do but to draw.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from agent.bootstrap import Company
from agent.slack.actions import ASK, SAY, SOURCES, FindingRef, RequestRef, SayRef, unpacked
from agent.slack.cards import want_card
from agent.slack.digests import digest_now
from agent.slack.identity import person_of_slack
from agent.slack.incoming import TEXT_LIMIT, home_of
from agent.slack.progress import in_its_place
from agent.slack.render.answer import answer_messages
from agent.slack.verbs import digest_wanted, help_sentences, is_help, question_of
from agent.stopping import Stop
from agent.surfaces import SLACK
from agent.turns import Assistant, ShowStage
from agent.views.answer import Answer
from agent.views.digest import finding_of
from engine.errors import InvalidInput, PlanningError, StoreError
from engine.model.people import Person
from engine.service import approve, conversation, inbox, posts
from engine.service.inbox import Incoming
from engine.service.posts import Place
from engine.service.reading import run_header

if TYPE_CHECKING:
    from agent.approvals import Approvals

TABLE_KINDS = ("xlsx", "csv")  # of a table too long for its message: for people, for programs
FIRST = "first"  # the post that takes the place of the progress


def work_message(
    assistant: Assistant, waits: "Approvals", event: Incoming, show_stage: ShowStage, stop: Stop
) -> None:
    """Answer an event; what its author can put right is answered, anything else is raised."""
    company, payload = assistant.company, event.payload
    if not is_for_us(company, event):
        _finish(company, event, lambda _work: None)
        return
    try:
        person = person_of_slack(company, payload["team"], payload["user"])
        if payload.get("is_command") and _did_verb(company, event):
            return
        text = _question(company, payload)
        answer = _answered(assistant, event, person, text, show_stage, stop)
    except PlanningError as reason:
        if isinstance(reason, StoreError) and not event.is_last_attempt:
            raise  # it may pass: tried again before anybody is told
        _say(company, event, str(reason))
        return
    for request in answer.waits:
        waits.open(int(request))
    _post_answer(company, event, answer)


def _did_verb(company: Company, event: Incoming) -> bool:
    """Do what a verb of `/qm` stands for, unless it is a question."""
    text, now = str(event.payload["text"]), company.clock.now()
    place, name = place_of(event.payload), digest_wanted(text)
    if is_help(text):
        refs = [("note", {"text": "\n".join(help_sentences())})]
    elif name is not None:
        refs = [("digest", ref) for ref in digest_now(company, name)]
    else:
        return False

    def effects(work: sa.Connection) -> None:
        for number, (kind, ref) in enumerate(refs):
            if number == 0 and in_its_place(work, event, kind, ref, now):
                continue
            posts.want(
                work, key=f"verb:{event.key}:{number}", surface=SLACK, place=place, kind=kind,
                ref=ref, now=now,
            )  # fmt: skip

    _finish(company, event, effects)
    return True


def _question(company: Company, payload: Mapping[str, Any]) -> str:
    """The words, or what the pressed button says."""
    action = payload.get("action")
    if action is None:
        typed = _typed(payload)
        return question_of(typed) if payload.get("is_command") else typed
    if action == SOURCES:
        return "Show the sources"
    if action == ASK:
        ref = unpacked(RequestRef, payload["value"])
        return f"Show {approve.card(company.stores, ref.request, now=company.clock.now()).number}"
    return _said_by_button(company, str(action), str(payload["value"]))


def _typed(payload: Mapping[str, Any]) -> str:
    text = _without_mention(str(payload["text"])).strip()
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(
            f"That message is longer than {TEXT_LIMIT:,} characters, so I did not read it. Ask in "
            "a few sentences."
        )
    if not text and payload["files"]:
        raise InvalidInput(
            "I cannot read files here. Data comes in with qm import; ask me in words."
        )
    return text or "help"


def _without_mention(text: str) -> str:
    """`<@U123> what should I buy?` addresses us; what follows is the question."""
    if text.startswith("<@"):
        return text.partition(">")[2]
    return text


def _said_by_button(company: Company, action: str, value: str) -> str:
    """The words of a stored answer's or digest's button; never taken from the button itself."""
    numbers = action.removeprefix(f"{SAY}.").split(".")
    if len(numbers) == 1:
        ref = unpacked(SayRef, value)
        stored = conversation.turn(company.stores, ref.turn).answer
        actions = Answer.from_json(stored).actions if stored else ()
        if ref.button < len(actions) and actions[ref.button].kind == "say":
            return actions[ref.button].text
    else:
        ref = unpacked(FindingRef, value)
        run, locale = run_header(company.stores, ref.run), company.settings.terminal.locale
        found = finding_of(company.stores, run, ref.key, locale, company.clock.now())
        offered, place = found.actions if found else (), numbers[1]
        if place.isdecimal() and int(place) < len(offered):
            return offered[int(place)].text
    raise InvalidInput("That button has nothing to say any more. Ask in words.")


def _answered(
    assistant: Assistant, event: Incoming, person: Person, text: str, show_stage: ShowStage,
    stop: Stop,
) -> Answer:  # fmt: skip
    company = assistant.company
    if event.turn_id is not None:
        stored = conversation.turn(company.stores, event.turn_id)
        if stored.answer is not None:
            return Answer.from_json(stored.answer)
        return assistant.resume(event.turn_id, event.conversation, person, show_stage, stop)
    conversation.open_thread(
        company.stores, event.conversation, surface=SLACK, person=person, now=company.clock.now()
    )
    return assistant.ask(
        event.conversation, person, text, show_stage,
        on_begin=lambda turn_id: inbox.began(company.stores.database, event, turn_id), stop=stop,
    )  # fmt: skip


def _post_answer(company: Company, event: Incoming, answer: Answer) -> None:
    if not answer.turn_id:  # there was nothing to answer from: no plan yet
        _say(company, event, answer.text)
        return
    place, now = place_of(event.payload), company.clock.now()

    def effects(work: sa.Connection) -> None:
        for name, kind, ref in _parts_of(answer):
            if name == FIRST and in_its_place(work, event, kind, ref, now):
                continue
            posts.want(
                work, key=f"{kind}:{event.key}:{name}", surface=SLACK, place=place, kind=kind,
                ref=ref, now=now,
            )  # fmt: skip
        for request in answer.waits:
            want_card(company, work, int(request), now)
        for action in answer.actions:
            if action.kind == "decide-budget":
                posts.want(
                    work, key=f"budget:{action.target}", surface=SLACK, place=place,
                    kind="budget", ref={"proposal": int(action.target)}, now=now,
                )  # fmt: skip

    _finish(company, event, effects)


def _parts_of(answer: Answer) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, kind and reference of each post of an answer; its first message comes first."""
    turn = {"turn": answer.turn_id}
    for part, message in enumerate(answer_messages(answer)):
        yield (FIRST if part == 0 else f"{part}"), "answer", {**turn, "part": part}
        for file, kind in product(range(len(message.files)), TABLE_KINDS):
            ref = {**turn, "part": part, "file": file, "format": kind}
            yield f"{part}.{file}.{kind}", "table", ref
    for chart in range(len(answer.charts)):
        yield f"chart.{chart}", "chart", {**turn, "chart": chart}


def _say(company: Company, event: Incoming, sentence: str) -> None:
    """A sentence of our own as the answer."""
    now = company.clock.now()
    _finish(company, event, lambda work: _note(work, event, sentence, now))


def _note(work: sa.Connection, event: Incoming, sentence: str, now: datetime) -> None:
    ref = {"text": sentence}
    if not in_its_place(work, event, "note", ref, now):
        posts.want(
            work, key=f"note:{event.key}", surface=SLACK, place=place_of(event.payload),
            kind="note", ref=ref, now=now,
        )  # fmt: skip


def apologise(company: Company, event: Incoming, reference: str) -> None:
    """The last attempt failed for a reason that is ours: the person is told, with a reference."""
    now = company.clock.now()
    sentence = (
        "Something went wrong on my side, and nothing was changed by this message. Reference: "
        f"{reference}."
    )
    with company.stores.database.write() as work:
        _note(work, event, sentence, now)


def place_of(payload: Mapping[str, Any]) -> Place:
    channel = str(payload.get("channel") or payload["user"])
    return Place(team=home_of(payload), channel=channel, thread=payload.get("thread"))


def _finish(company: Company, event: Incoming, effects: Callable[[sa.Connection], None]) -> None:
    """The event is done together with what it leads to, unless somebody took it over."""
    now = company.clock.now()
    with company.stores.database.write() as work:
        if inbox.done(work, event, now):
            effects(work)


def is_for_us(company: Company, event: Incoming) -> bool:
    """Whether somebody speaks to us, or goes on where we were spoken to before."""
    spoken_to = bool(event.payload["is_spoken_to"])
    return spoken_to or conversation.exists(company.stores, event.conversation)
