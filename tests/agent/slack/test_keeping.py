"""Events that wait together are kept by one commit, and none spoils the others."""

import asyncio

import sqlalchemy as sa
from sqlalchemy import event

from agent.bootstrap import Company
from agent.slack.incoming import Kept
from agent.slack.keeping import Keeper
from agent.threads import Threads
from engine.service import inbox
from evals.rigs.slacksim.server import until


def arrived(key: str, text: str = "hello") -> Kept:
    return Kept(key=key, kind="message", conversation=key, payload={"text": text})


async def test_twenty_at_once_are_two_commits(company: Company) -> None:
    database, threads, commits = company.stores.database, Threads(2), list[object]()
    keeper = Keeper(company, threads)

    @event.listens_for(database.engine, "commit")
    def committed(connection: object) -> None:
        commits.append(connection)

    await asyncio.gather(*(keeper.keep(arrived(f"e{n}")) for n in range(20)))
    threads.close()
    assert inbox.counts(database) == {"new": 20}
    assert len(commits) <= 2


async def test_one_that_cannot_be_kept_does_not_keep_the_others_out(company: Company) -> None:
    threads = Threads(2)
    keeper = Keeper(company, threads)
    bad = Kept(key="bad", kind="message", conversation="c", payload={"text": {1, 2}})  # no JSON
    found = await asyncio.gather(
        *(keeper.keep(each) for each in (arrived("e1"), bad, arrived("e2"))),
        return_exceptions=True,
    )
    threads.close()
    assert (found[0], found[2]) == (None, None)
    assert isinstance(found[1], sa.exc.StatementError)
    assert inbox.counts(company.stores.database) == {"new": 2}


async def test_an_event_waits_in_the_line_of_those_in_a_hurry(company: Company) -> None:
    turns, threads = company.stores.database.turns, Threads(2)
    with turns.taken(10):
        click = asyncio.create_task(Keeper(company, threads).keep(arrived("click")))
        await until(lambda: turns._hurrying)
    await click
    threads.close()
    assert inbox.counts(company.stores.database) == {"new": 1}
