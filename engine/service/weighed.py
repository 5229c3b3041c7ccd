"""What a stored run weighed, and what any budget over it shares: kept by the process that computes.

A person who asks about one budget asks about the next. Blobs never change, so what was read of
them stays true; only the run asked about last is kept, for it may be hundreds of megabytes.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.errors import PlanningError
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.store.blobs import BlobStore

if TYPE_CHECKING:
    from engine.replenish import Candidates
    from engine.replenish.compose import Unlimited


@dataclass(frozen=True, kw_only=True)
class Weighed:
    candidates: "Candidates" = field(repr=False)
    unlimited: "Unlimited" = field(repr=False)


def weighed(stores: Stores, run: RunHeader) -> Weighed:
    """The run's candidates with what they come to without any budget; nobody writes into them."""
    return weighed_in(stores.blobs, tables_of(run))


def stored_candidates(stores: Stores, run: RunHeader) -> "Candidates":
    """What a run weighed; shared, nobody writes into it."""
    return _candidates(stores.blobs, tables_of(run))


Blobs = tuple[tuple[str, str], ...]  # table name -> blob, sorted


def tables_of(run: RunHeader) -> Blobs:
    """What names all that the run weighed; PlanningError for a run that did not keep it."""
    kept = [each for each in run.artefacts.items() if each[0].startswith("candidate_")]
    if not kept:
        raise PlanningError("That plan did not keep what it weighed. Run `qm plan` and ask again.")
    return tuple(sorted(kept))


@lru_cache(maxsize=1)
def weighed_in(blobs: BlobStore, named: Blobs) -> Weighed:
    from engine.replenish.compose import unlimited

    candidates = _candidates(blobs, named)
    return Weighed(candidates=candidates, unlimited=unlimited(candidates))


@lru_cache(maxsize=1)
def _candidates(blobs: BlobStore, named: Blobs) -> "Candidates":
    from engine.replenish.candidates import Candidates

    return Candidates.from_tables({name: blobs.get_table(blob) for name, blob in named})
