"""The database fails in the middle: locked, gone, or in conflict with somebody else."""

import os
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from engine.errors import StoreError
from engine.purchase.states import OrderState
from engine.service import purchase
from engine.service.stores import Stores
from evals.faults.dying import at_once
from evals.faults.stage import Stage, click, problems_of
from evals.orders.world import open_stores

HOLD_SECONDS = 0.6
PATIENCE_SECONDS = 0.2


def locked(stage: Stage) -> list[str]:
    """Somebody else holds the lock for longer than a click waits; the click is told so."""
    card = stage.proposed()
    holder = partial(_hold, url=stage.url)
    impatient = partial(_impatient, stage=stage, act=partial(click, card=card, who="m0"))
    _, told = at_once(stage.stores, [holder, impatient])
    refused = told.startswith("StoreError")
    state = purchase.order_view(stage.stores, card.number).state
    half = [] if state is (OrderState.PROPOSED if refused else OrderState.APPROVED) else [told]
    stage.click(card, "m0")
    return [*half, *_approved(stage, card.number)]


def dropped(stage: Stage) -> list[str]:
    """The connection is gone at some statement of the decision."""
    return _fails_at_a_statement(stage, _drop)


def clashed(stage: Stage) -> list[str]:
    """The server reports a serialisation failure, or SQLite that it is locked."""
    return _fails_at_a_statement(stage, _clash)


def _fails_at_a_statement(stage: Stage, fail: "Fail") -> list[str]:
    card = stage.proposed()
    stores = open_stores(stage.url, stage.home)
    at = int(stage.draws.integers(2, 30))
    seen = 0

    def statement(connection: sa.Connection, *_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            fail(connection, stage.url)

    event.listen(stores.database.engine, "before_cursor_execute", statement)
    told = ""
    try:
        click(stores, card, "m0")
    except (StoreError, exc.DBAPIError) as error:
        told = str(error)
    event.remove(stores.database.engine, "before_cursor_execute", statement)
    stores.database.close()
    state = purchase.order_view(stage.stores, card.number).state
    half = [] if state is (OrderState.PROPOSED if told else OrderState.APPROVED) else [told]
    stage.click(card, "m0")
    return [*half, *_approved(stage, card.number)]


Fail = Callable[[sa.Connection, str], None]


def _drop(connection: sa.Connection, url: str) -> None:
    if url.startswith("sqlite"):
        connection.connection.close()
        raise exc.OperationalError("the file went away", None, sqlite3.OperationalError("gone"))
    import psycopg

    driver: Any = connection.connection.dbapi_connection
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (driver.info.backend_pid,))


def _clash(connection: sa.Connection, url: str) -> None:
    if url.startswith("sqlite"):
        problem = sqlite3.OperationalError("database is locked")
        problem.sqlite_errorname = "SQLITE_BUSY"
        raise exc.OperationalError("COMMIT", None, problem)
    connection.connection.cursor().execute(
        "DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40001'; END $$"
    )


def _hold(stores: Stores, url: str) -> str:
    """Keep everybody else from deciding for a while, in a process of its own."""
    with stores.database.write() as work:
        if not url.startswith("sqlite"):
            work.execute(sa.text("SELECT * FROM audit_head FOR UPDATE"))
        time.sleep(HOLD_SECONDS)
    return "held"


def _impatient(stores: Stores, stage: Stage, act: Callable[[Stores], object]) -> str:
    """In a process of its own, whose database does not wait long."""
    del stores
    time.sleep(PATIENCE_SECONDS / 2)  # the holder goes first
    from engine.store import database

    database.BUSY_TIMEOUT_SECONDS = PATIENCE_SECONDS  # type: ignore[assignment]  this process only
    if not stage.url.startswith("sqlite"):
        os.environ["PGOPTIONS"] = f"-c lock_timeout={int(PATIENCE_SECONDS * 1000)}"  # noqa: TID251  as above
    act(open_stores(stage.url, stage.home))
    return "decided"


def _approved(stage: Stage, number: str) -> list[str]:
    state = purchase.order_view(stage.stores, number).state
    wrong = [] if state is OrderState.APPROVED else [f"it is {state.value}, not approved"]
    return [*wrong, *problems_of(stage, number)]
