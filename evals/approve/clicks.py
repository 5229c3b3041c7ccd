"""People who decide at the same time, each in a thread of one process as the chat server has them.

`steady`: each thinks for a while (exponential, seeded) between two clicks. `burst`: all of them
click in the same instant, again and again: the worst that can happen to a queue. In both, every
tenth card is clicked by two people at once, of whom exactly one may win.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import sqlalchemy as sa

from engine.model.people import Person
from engine.service import approve
from engine.service.approval_card import ApprovalCard
from engine.service.stores import Stores
from engine.store.tables.purchasing import approval_decisions, approval_requests
from engine.store.tables.work import outbox
from evals.orders.world import NOW, person

SHARED_EVERY = 10


@dataclass
class Clicks:
    """Milliseconds of each click that decided, and what it led to."""

    milliseconds: list[float] = field(default_factory=list[float])
    seconds: float = 0.0  # of the whole run
    clicks: int = 0


def steady(
    stores: Stores, cards: Sequence[ApprovalCard], deciders: int, think_seconds: float, seed: int
) -> Clicks:
    """Each decider works off a share of the cards, thinking in between."""
    told = Clicks()
    own = [list(cards[each::deciders]) for each in range(deciders)]
    # Every tenth card is on the neighbour's list too.
    others = [*own[1:], own[0] if deciders > 1 else []]
    shares = [mine + more[::SHARED_EVERY] for mine, more in zip(own, others, strict=True)]
    pauses = np.random.default_rng(seed).exponential(think_seconds, (deciders, len(cards)))
    gate = threading.Barrier(deciders + 1)

    def work(number: int) -> None:
        who = person(stores, f"m{number}")
        gate.wait()
        for pause, card in zip(pauses[number], shares[number], strict=False):
            time.sleep(pause)
            _click(stores, card, who, told)

    _run(work, deciders, gate, told)
    return told


def burst(stores: Stores, rounds: Sequence[Sequence[ApprovalCard]], deciders: int) -> Clicks:
    """In each round every decider clicks in the same instant."""
    told = Clicks()
    gate, together = threading.Barrier(deciders + 1), threading.Barrier(deciders)

    def work(number: int) -> None:
        who = person(stores, f"m{number}")
        gate.wait()
        for cards in rounds:
            together.wait()
            _click(stores, cards[number], who, told)

    _run(work, deciders, gate, told)
    return told


def lost_and_doubled(stores: Stores, cards: Sequence[ApprovalCard]) -> tuple[int, int]:
    """Requests that nobody decided on; decisions and messages beyond one for each."""
    ids = [card.request_id for card in cards]
    with stores.database.read() as look:
        decided = look.execute(
            sa.select(approval_requests.c.id).where(
                approval_requests.c.id.in_(ids), approval_requests.c.state == "approved"
            )
        ).all()
        made = look.execute(
            sa.select(sa.func.count()).select_from(approval_decisions)
            .where(approval_decisions.c.request_id.in_(ids))
        ).scalar_one()  # fmt: skip
        keys = [f"{card.number}:r{card.revision}:send" for card in cards]
        sent = look.execute(
            sa.select(sa.func.count()).select_from(outbox).where(outbox.c.key.in_(keys))
        ).scalar_one()
    return len(ids) - len(decided), abs(made - len(decided)) + abs(sent - len(decided))


def _click(stores: Stores, card: ApprovalCard, who: Person, told: Clicks) -> None:
    began = time.perf_counter()
    outcome = approve.decide(
        stores, request_id=card.request_id, revision=card.revision, digest=card.digest,
        decision="approve", person=who, now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    took = (time.perf_counter() - began) * 1e3
    told.clicks += 1
    if outcome.took_effect:
        told.milliseconds.append(took)


def _run(work: Callable[[int], None], deciders: int, gate: threading.Barrier, told: Clicks) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(deciders)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    told.seconds = time.perf_counter() - began
