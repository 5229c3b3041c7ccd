"""A fair number of the seeded faults of `make faults`, and that the tally can find one."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.store.tables.work import outbox
from evals.fault_runs import Tally
from evals.faults.command import break_company
from evals.faults.stage import open_stage, problems_of
from evals.rigs.smtp import mail_rig


@pytest.mark.parametrize(("kind", "count"), [("sqlite", 16), ("postgresql", 16)])
def test_nothing_is_doubled_lost_or_left_untold(
    kind: str, count: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = None if kind == "sqlite" else request.getfixturevalue("postgres_url")
    tally = Tally()

    break_company(server, tmp_path, count, [11], tally)

    assert tally.failures == []
    assert (tally.tried.total(), len(tally.tried)) == (count, 16)


def test_a_message_that_is_lost_or_doubled_is_noticed(tmp_path: Path) -> None:
    with mail_rig(tmp_path / "mail") as mail:
        stage = open_stage(f"sqlite:///{tmp_path}/qm.db", tmp_path, mail, [1])
        view = stage.sent()
        assert problems_of(stage, view.number) == []
        (tmp_path / "mail" / "mailbox").write_text(f"{view.number}:r1:send\n" * 2)
        assert problems_of(stage, view.number) == ["2 mails to its supplier"]
        with stage.stores.database.write() as work:
            work.execute(sa.delete(outbox))
        assert any("0 messages for 1 approvals" in each for each in problems_of(stage, view.number))
        stage.stores.database.close()
