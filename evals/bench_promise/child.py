"""The measured process that promises everything anew; leaves a key for the API beside it."""

import hashlib
import json
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from engine.model.config import PlanConfig
from engine.promise.policy import PromisePolicy
from engine.service.promising import promise_anew
from engine.service.stores import Stores
from engine.store.tables.storefront import api_keys, place_promises
from evals.bench_plan.prepare import NOW, stores_in

SECRET = "b" * 43
KEY = f"qm_{'b' * 12}_{SECRET}"


def main(home: Path) -> None:
    stores = stores_in(home)
    began = time.perf_counter()
    done = promise_anew(stores, PlanConfig(), PromisePolicy(), now=NOW)
    seconds = time.perf_counter() - began
    _add_key(stores)
    with stores.database.read() as look:
        skus = look.execute(sa.select(place_promises.c.sku).distinct()).scalars().all()
        places = look.execute(sa.select(sa.func.count()).select_from(place_promises)).scalar()
    (home / "skus.json").write_text(json.dumps(sorted(skus)))
    told = {
        "promise_seconds": round(seconds, 2), "places": places, "skus": len(skus),
        "waiting": done.waiting, "changes": done.changes,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


def _add_key(stores: Stores) -> None:
    """Made beside the service, which asks for a person who may administer."""
    with stores.database.write() as work:
        work.execute(
            sa.insert(api_keys).values(
                id="b" * 12, name="bench",
                secret_digest=hashlib.sha256(SECRET.encode()).hexdigest(),
                scopes=["promises:read", "changes:read"], per_second=10_000.0, created_by="bench",
                created_at=NOW,
            )
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
