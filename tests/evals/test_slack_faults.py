"""A dozen of the seeded faults of `make faults`, and that the run can notice a doubled message."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.fault_runs import Tally
from evals.slack_faults.command import break_company
from evals.slack_faults.stage import open_stage

# Those that no test of the suite plays by itself; tests/agent/slack has the others.
DYING = ("dies at a statement", "dies while posting", "two replicas", "out of order")


def test_nothing_is_doubled_or_lost_when_processes_die_or_race(tmp_path: Path) -> None:
    tally = Tally()

    break_company(None, tmp_path, len(DYING), [3], tally, DYING)

    assert tally.failures == []
    assert tuple(sorted(tally.tried)) == tuple(sorted(DYING))


@pytest.mark.slow
def test_nothing_is_doubled_lost_or_left_unanswered_in_slack(tmp_path: Path) -> None:
    tally = Tally()

    break_company(None, tmp_path, 11, [3], tally)

    assert tally.failures == []
    assert (tally.tried.total(), len(tally.tried)) == (11, 11)


async def test_a_message_that_stands_twice_or_nowhere_is_noticed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/qm.db"
    async with open_stage(url, tmp_path, "socket", [1]) as stage:
        card, message = await stage.carded()
        await stage.settled()
        assert stage.problems() == []
        stage.world.messages.append(replace(message, ts=stage.world.next_ts()))
        assert stage.problems() == [f"2 messages of card:{card.request_id}:C0CARDS"]
        stage.world.messages.clear()
        assert stage.problems() == [f"card:{card.request_id}:C0CARDS stands nowhere"]
        assert stage.wrong_card(card, "approved") == [
            f"{card.number} is pending, not approved",
            f"0 decisions on {card.number}, not 1",
            f"no card of {card.number}",
        ]
