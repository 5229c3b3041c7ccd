"""So many seeded attacks on one company, in process and over HTTP, each judged."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from engine.service import reading
from evals.agent.world import World
from evals.breach.judge import Arena, Verdict
from evals.breach.oracle.database import audit_problem, counts, events
from evals.breach.oracle.text import Directory
from evals.breach.stage import Stage, open_stage
from engine.store.tables import metadata
from tools.names import names_of


@contextmanager
def open_arena(world: World) -> Generator[Arena, None, None]:
    with open_stage(world) as stage:
        arena = Arena(
            stage=stage,
            directory=directory_of(stage),
            before=counts(stage.company.stores.database),
        )
        arena.events_seen = len(events(stage.company.stores.database))
        yield arena


def directory_of(stage: Stage) -> Directory:
    """Every code and name of the company, from its plan and its people."""
    stores = stage.company.stores
    names = names_of(stores, reading.latest_run(stores))
    table = metadata.tables["people"]
    with stores.database.read() as look:
        people = list(look.execute(sa.select(table.c.name)).scalars())
    others = {
        *names.locations, *names.locations.values(), *names.suppliers, *names.suppliers.values(),
        *people, stage.values["order"],
    }  # fmt: skip
    return Directory(items=dict(names.items), others=frozenset(others))
