"""The bench of approvals counts what was lost or doubled, and can tell when something was."""

from pathlib import Path

import sqlalchemy as sa

from engine.store.tables.work import outbox
from evals.approve.clicks import burst, lost_and_doubled, steady
from evals.orders.world import ask, found_company


def test_every_card_is_decided_once_however_many_click(tmp_path: Path) -> None:
    stores = found_company(f"sqlite:///{tmp_path}/qm.db", tmp_path, managers=3)
    cards = [ask(stores, number) for number in range(9)]

    steadily = steady(stores, cards[:6], deciders=3, think_seconds=0.001, seed=1)
    together = burst(stores, [cards[6:9]], deciders=3)

    assert steadily.clicks > len(steadily.milliseconds) == 6
    assert len(together.milliseconds) == 3
    assert lost_and_doubled(stores, cards) == (0, 0)
    with stores.database.write() as work:
        work.execute(sa.delete(outbox).where(outbox.c.id == 1))
    assert lost_and_doubled(stores, cards) == (0, 1)
    stores.database.close()
