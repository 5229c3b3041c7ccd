"""So many seeded attacks on one company, in process and over HTTP, each judged."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa

from engine.service import reading
from engine.store.tables import metadata
from evals.agent.world import World
from evals.breach import file_names
from evals.breach.attack import Attack
from evals.breach.catalogue import CLASSES, attack_of, attacks
from evals.breach.judge import Arena, Verdict
from evals.breach.mutations import Mutation
from evals.breach.oracle.database import audit_problem, counts, events
from evals.breach.oracle.text import Directory
from evals.breach.stage import Stage, open_stage
from tools.names import names_of


@contextmanager
def open_arena(world: World) -> Generator[Arena, None, None]:
    with open_stage(world) as stage:
        arena = Arena(
            stage=stage,
            directory=directory_of(stage),
            before=counts(stage.company.stores.database),
            events_seen=len(events(stage.company.stores.database)),
        )
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


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of a run of attacks; `audit` is what is wrong with the audit chain after it."""

    verdicts: tuple[Verdict, ...]
    audit: str | None

    @property
    def breaches(self) -> tuple[Verdict, ...]:
        return tuple(each for each in self.verdicts if each.is_breach)


def attacked(world: World, count: int, seed: int) -> Report:
    """At least so many attacks in process, on one company."""
    with open_arena(world) as arena:
        played = tuple(arena.play(attack) for attack in attacks(count, seed))
        named = tuple(verdict for play in file_names.PLAYED.values() for verdict in play(arena))
        return Report(verdicts=(*played, *named), audit=audit_problem(arena.stage.company.stores))


def is_caught(mutation: Mutation, world: World, seed: int, rounds: int) -> bool:
    """Does an attack get through with this guard off? Those aimed at it first, then all others."""
    others = [kind for kind in CLASSES if kind not in mutation.kinds]
    known = [kind for kind in mutation.kinds if kind in CLASSES]
    aimed = [attack_of(kind, n, seed) for n in range(rounds) for kind in known]
    rest = (attack_of(kind, 0, seed) for kind in others)
    with open_arena(world) as arena, mutation.in_force():
        if any(_gets_by(arena, kind) for kind in mutation.kinds if kind in file_names.PLAYED):
            return True
        return any(_gets_through(arena, attack) for attack in chain(aimed, rest))


def _gets_by(arena: Arena, kind: str) -> bool:
    return any(verdict.is_breach for verdict in file_names.PLAYED[kind](arena))


def _gets_through(arena: Arena, attack: Attack) -> bool:
    """A turn that crashes has not answered as it must, so it counts as got through."""
    try:
        return arena.play(attack).is_breach
    except Exception:  # noqa: BLE001  whatever a missing guard leads to
        return True
