"""What several processes do at once.

They live here, because a process finds them by their module: `tests` is also the name of a package
that other distributions install, `support` is ours alone.
"""

from datetime import datetime

from engine.errors import IllegalTransition, NotAllowed
from engine.model.people import Person
from engine.service import audit, purchase
from engine.service.order_doubt import settle_doubt
from engine.service.stores import Stores
from support.purchasing import NOW, Run, buy, draft


def draft_oak(stores: Stores, who: str) -> tuple[str, bool]:
    (view,) = draft(stores, buy("LAMP-OAK-01", 60), who=who)
    return view.number, view.already_there


def draft_vase(stores: Stores, number: int) -> str:
    run = Run(id=f"run-{number}")
    (view,) = draft(stores, buy(f"VASE-{number}", 12, location=f"SHOP-{number}"), run=run)
    return view.number


def propose_one(stores: Stores, number: str, who: Person, now: datetime) -> bool:
    try:
        purchase.propose(stores, number, person=who, now=now)
    except NotAllowed:
        return False
    return True


def append_three(stores: Stores) -> None:
    for _ in range(3):
        with stores.database.write() as work:
            audit.append(
                work, stores.seal, at=NOW, actor="max", source="demo", kind="k", subject="s",
                body={},
            )  # fmt: skip


def send_again(stores: Stores, who: Person, now: datetime) -> str:
    try:
        settle_doubt(stores, "PO-1001", outcome="send_again", note="mended", person=who, now=now)
    except IllegalTransition:
        return "refused"
    return "said"
