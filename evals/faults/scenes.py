"""Each scene breaks one thing and returns what does not hold afterwards; nothing means all is well.

A scene ends as people would end it: what failed is done again, what is in doubt is looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from engine.kernels.discounts import PriceTiers
from engine.purchase.policy import Policy
from engine.purchase.progress import MovedLine
from engine.purchase.revise import ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, people, purchase
from engine.service.amending import amend
from engine.service.order_confirming import confirm
from engine.service.order_receiving import receive
from engine.service.policy_file import Entry, PolicyFile
from engine.service.repricing import reprice_orders
from engine.service.stores import Stores
from evals.faults.dying import Act, Death, Where, at_once, die_during
from evals.faults.stage import Stage, Way, click, problems_of, send_all, was_told
from evals.orders.world import NOW, PACK, person, terms

Scene = Callable[[Stage], list[str]]
LATER = NOW + timedelta(days=3)
STATEMENTS: Mapping[str, int] = {  # about how many each takes; dying after the last is no death
    "propose": 26, "decide": 30, "receive": 30, "confirm": 28, "amend": 34, "send": 30,
}  # fmt: skip


def _propose(stores: Stores, number: str) -> object:
    return purchase.propose(stores, number, person=person(stores, "bea"), now=NOW).state


def _receive(stores: Stores, number: str, units: int) -> object:
    return receive(
        stores, number, lines=[MovedLine(line=1, units=units)], person=person(stores, "bea"),
        now=LATER, key="DN-1",
    ).state  # fmt: skip


def _confirm(stores: Stores, number: str) -> object:
    return confirm(stores, number, person=person(stores, "bea"), now=LATER).state


def _amend(stores: Stores, number: str, units: int) -> object:
    view = amend(
        stores, number, changes=[ChangeUnits(line=1, units=units)], why="a fault run",
        person=person(stores, "bea"), now=LATER,
    )  # fmt: skip
    return view.amendment


def _death(stage: Stage, act: str, commits: int = 1) -> Death:
    """Before or after a commit, or at any statement: each as often."""
    where: Where = stage.draws.choice(["statement", "before commit", "after commit"])
    last = STATEMENTS[act] if where == "statement" else commits
    return Death(where=where, number=int(stage.draws.integers(1, last + 1)))


def killed_proposing(stage: Stage) -> list[str]:
    number = stage.drafted()
    act = partial(_propose, number=number)
    die_during(stage.stores, act, _death(stage, "propose"))
    act(stage.stores)
    return _unless(stage, number, OrderState.PROPOSED)


def killed_deciding(stage: Stage) -> list[str]:
    card = stage.proposed()
    die_during(stage.stores, partial(click, card=card, who="m0"), _death(stage, "decide"))
    again = stage.click(card, "m0")
    told = [] if again.sentence else ["nobody was told what became of the click"]
    return [*_unless(stage, card.number, OrderState.APPROVED), *told]


def killed_receiving(stage: Stage) -> list[str]:
    view = stage.sent()
    act = partial(_receive, number=view.number, units=view.content.units)
    die_during(stage.stores, act, _death(stage, "receive"))
    act(stage.stores)
    came = purchase.order_view(stage.stores, view.number).progress[0].received
    wrong = [] if came == view.content.units else [f"{came} units booked"]
    return [*wrong, *_unless(stage, view.number, OrderState.RECEIVED)]


def killed_confirming(stage: Stage) -> list[str]:
    view = stage.sent()
    act = partial(_confirm, number=view.number)
    die_during(stage.stores, act, _death(stage, "confirm"))
    act(stage.stores)
    return _unless(stage, view.number, OrderState.CONFIRMED)


def killed_amending(stage: Stage) -> list[str]:
    view = stage.sent()
    units = view.content.lines[0].units + PACK
    act = partial(_amend, number=view.number, units=units)
    die_during(stage.stores, act, _death(stage, "amend"))
    if purchase.order_view(stage.stores, view.number).amendment is None:
        act(stage.stores)
    asked = purchase.order_view(stage.stores, view.number).amendment
    if asked is None:
        return ["the amendment is lost"]
    stage.click(approve.card(stage.stores, asked.request_id, now=LATER), "m0", LATER)
    stage.at = max(stage.at, LATER)
    stage.work("folder")
    after = purchase.order_view(stage.stores, view.number)
    ok = after.amendment is not None and after.amendment.state == "sent"
    wrong = [] if ok and after.content.lines[0].units == units else ["not amended"]
    return [*wrong, *_unless(stage, view.number, OrderState.SENT)]


def killed_sending(stage: Stage) -> list[str]:
    """Into a folder it is done again; a mail may have left, so that a person is asked."""
    way: Way = stage.draws.choice(["folder", "mail"])
    view = stage.approved()
    stage.at += timedelta(seconds=1)
    act: Act = partial(
        send_all, routes=stage.route(way), owner=f"dies-{stage.next_run()}", now=stage.at
    )
    die_during(stage.stores, act, _death(stage, "send", commits=3))
    stage.work(way, later=200)
    return _sent_or_in_doubt(stage, view.number)


def _sent_or_in_doubt(stage: Stage, number: str) -> list[str]:
    view = purchase.order_view(stage.stores, number)
    found = problems_of(stage, number)
    if view.state is OrderState.SEND_UNCONFIRMED:
        return found if was_told(stage, number, "in_doubt") else [*found, "nobody was told"]
    return found if view.state is OrderState.SENT else [*found, f"it is {view.state.value}"]


def mail_goes_wrong(stage: Stage) -> list[str]:
    """The server refuses, puts off, drops the line after taking it, or never answers."""
    mood = stage.draws.choice(["refuses", "comes later", "drops", "silent"])
    view = stage.approved()
    stage.mail.be(mood)
    stage.work("mail")
    stage.mail.be("kind")
    for later in (400, 4000):
        stage.work("mail", later=later)
    state = purchase.order_view(stage.stores, view.number).state
    found = problems_of(stage, view.number)
    if mood == "comes later":
        return found if state is OrderState.SENT else [*found, f"put off and then {state.value}"]
    kind = "undelivered" if mood == "refuses" else "in_doubt"
    return found if was_told(stage, view.number, kind) else [*found, f"{mood}: nobody was told"]


def two_decide_at_once(stage: Stage) -> list[str]:
    card = stage.proposed()
    acts = [partial(_says, card=card, who=who) for who in ("m0", "m1", "m0")]
    told = at_once(stage.stores, acts)
    won = [each for each in told if each.startswith("approved:")]
    wrong = [] if len(won) == 1 else [f"{len(won)} winners: {told}"]
    silent = [] if all(len(each) > len("approved:") for each in told) else ["nobody told a loser"]
    return [*wrong, *silent, *_unless(stage, card.number, OrderState.APPROVED)]


def _says(stores: Stores, card: approve.ApprovalCard, who: str) -> str:
    outcome = click(stores, card, who)
    return f"{outcome.result}:{outcome.sentence}"


def two_propose_at_once(stage: Stage) -> list[str]:
    number = stage.drafted()
    told = at_once(stage.stores, [partial(_propose, number=number)] * 2)
    wrong = [] if told == ["proposed"] * 2 else [f"told {told}"]
    return [*wrong, *_unless(stage, number, OrderState.PROPOSED)]


def delivered_three_times(stage: Stage) -> list[str]:
    """A click, a confirmation and a delivery, each told three times."""
    card = stage.proposed()
    effects = sum(stage.click(card, "m0").took_effect for _ in range(3))
    stage.work("folder")
    for _ in range(3):
        _confirm(stage.stores, card.number)
    for _ in range(3):
        _receive(stage.stores, card.number, PACK)
    came = purchase.order_view(stage.stores, card.number).progress[0].received
    wrong = [] if (effects, came) == (1, PACK) else [f"{effects} effects, {came} units"]
    return [*wrong, *problems_of(stage, card.number)]


def clock_jumps(stage: Stage) -> list[str]:
    """Between card and click by days, either way; and the worker's while it sends."""
    days = int(stage.draws.choice([-30, -1, 2, 30]))
    card = stage.proposed()
    outcome = stage.click(card, "m0", NOW + timedelta(days=days))
    wanted = OrderState.DRAFT if days > 3 else OrderState.APPROVED
    found = _unless(stage, card.number, wanted)
    if wanted is OrderState.DRAFT:
        return found if outcome.result == "expired" else [*found, outcome.result]
    stage.at += timedelta(days=abs(days))
    stage.work("folder")
    return [*found, *_unless(stage, card.number, OrderState.SENT)]


def right_lost(stage: Stage) -> list[str]:
    """Between card and click the manager becomes a buyer."""
    card = stage.proposed()
    with stage.stores.database.read() as look:
        before = people.policy_in_force(look)
    members = tuple(
        replace(each, roles=("buyer",)) if each.id == "m0" else each for each in before.members
    )
    install(stage.stores, replace(before, members=members))
    outcome = stage.click(card, "m0")
    install(stage.stores, before)
    wrong = [f"took effect: {outcome.result}"] if outcome.took_effect else []
    told = [] if outcome.sentence else ["nobody was told"]
    stage.click(approve.card(stage.stores, card.request_id, now=NOW), "m1")
    return [*wrong, *told, *_unless(stage, card.number, OrderState.APPROVED)]


def price_or_rate_changed(stage: Stage) -> list[str]:
    """Newer data between card and click: the button refuses and shows the difference."""
    card = stage.proposed()
    dearer(stage, card)
    outcome = stage.click(card, "m0")
    stale = outcome.result == "stale" and outcome.difference is not None
    wrong = [] if stale and not outcome.took_effect else [f"the click was {outcome.result}"]
    told = [] if was_told(stage, card.number, "repriced") else ["nobody was told"]
    return [*wrong, *told, *_unless(stage, card.number, OrderState.DRAFT)]


def install(stores: Stores, policy: Policy) -> None:
    """Put a policy in force, with the people as they are."""
    known = tuple(Entry(id=m.id, name=m.id.title(), roles=m.roles) for m in policy.members)
    people.sync(stores, PolicyFile(policy=policy, directory=known), now=NOW)


def dearer(stage: Stage, card: approve.ApprovalCard) -> None:
    """Import prices a tenth higher for what the card orders."""
    (line,) = card.content.lines
    known = terms([(card.content.supplier, line.sku)])
    key = (card.content.supplier, line.sku)
    tiers = PriceTiers(breaks=(0,), prices_micros=(line.unit_price_micros * 11 // 10,))
    newer = replace(known, offers={key: replace(known.offers[key], tiers=tiers)})
    with stage.stores.database.write() as work:
        reprice_orders(work, stage.stores.seal, newer, snapshot_id="newer", now=NOW)


def _unless(stage: Stage, number: str, wanted: OrderState) -> list[str]:
    state = purchase.order_view(stage.stores, number).state
    wrong = [] if state is wanted else [f"it is {state.value}, not {wanted.value}"]
    return [*wrong, *problems_of(stage, number)]
