"""On PostgreSQL the program's login can add to history and not change it, whatever it tries."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from agent.checkpoints import open_checkpoints
from engine.errors import InvalidInput, StoreError
from engine.service import audit, purchase
from engine.service.stores import Stores
from engine.store.database import Database, open_database
from engine.store.roles import ADDED_ONLY, init_roles
from engine.store.tables import metadata
from support.purchasing import buy, click, proposed, purchasing_stores
from support.sent import mark_sent


@pytest.fixture
def app(postgres_url: str) -> Iterator[Database]:
    """The database as the program's own login opens it."""
    login = f"qm_app_{uuid4().hex[:8]}"
    url = sa.make_url(postgres_url).set(username=login, password="it's 100% s3cret")
    assert init_roles(postgres_url, url.render_as_string(hide_password=False)) == login
    # Granting again takes nothing away.
    init_roles(postgres_url, url.render_as_string(hide_password=False))
    database = open_database(url.render_as_string(hide_password=False))
    yield database
    database.close()


@pytest.fixture
def stores(app: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(app, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    return stores


def test_everything_people_do_works_with_the_rights_there_are(stores: Stores) -> None:
    mark_sent(stores, "PO-1001")
    assert purchase.order_view(stores, "PO-1001").state.value == "sent"
    assert audit.verify(stores).verified


def refused(stores: Stores, *statements: str) -> None:
    """Each of them, the last one for want of a right."""

    def attempt() -> None:
        with stores.database.write() as work:
            for statement in statements:
                work.execute(sa.text(statement))

    with pytest.raises(StoreError, match="permission denied"):
        attempt()


def test_history_is_neither_changed_nor_deleted(stores: Stores) -> None:
    for table in sorted(ADDED_ONLY | {"alembic_version"}):
        known = metadata.tables.get(table)
        column = "version_num" if known is None else next(iter(known.c)).name
        refused(stores, f"UPDATE {table} SET {column} = {column}")  # noqa: S608  names of ours
        refused(stores, f"DELETE FROM {table}")  # noqa: S608  as above
        refused(stores, f"TRUNCATE {table} CASCADE")
    refused(stores, "DELETE FROM audit_head")


def test_leaving_the_role_gives_no_more_rights(stores: Stores) -> None:
    for escape in ("RESET ROLE", "SET ROLE NONE", "SET ROLE qm_write"):
        refused(stores, escape, "UPDATE audit_events SET actor = 'x'")


def test_a_look_changes_nothing(stores: Stores) -> None:
    with pytest.raises(StoreError, match="permission denied"), stores.database.read() as look:
        look.execute(sa.text("UPDATE purchase_orders SET state = 'draft'"))


def test_conversations_have_a_schema_of_their_own(stores: Stores, tmp_path: Path) -> None:
    with open_checkpoints(stores.database, tmp_path) as saver:
        assert saver.get_tuple({"configurable": {"thread_id": "t", "checkpoint_ns": ""}}) is None


def test_roles_are_postgresqls_and_the_administrator_is_another(postgres_url: str) -> None:
    with pytest.raises(InvalidInput, match="PostgreSQL's"):
        init_roles(postgres_url, "sqlite:///x.db")
    with pytest.raises(InvalidInput, match="must be another one"):
        init_roles(postgres_url, postgres_url)
