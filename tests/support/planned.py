"""Fixtures: a planned company on SQLite for tests of the agent; stores are tested on both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.bootstrap import Company
from engine.model.people import Person
from engine.service import conversation
from engine.store.database import open_database
from support.agent import open_planned, planned_company
from support.purchasing import person


@pytest.fixture(scope="session")
def planned_home(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A company with its plan, made once; tests work on copies."""
    home = tmp_path_factory.mktemp("planned")
    shutil.copy(migrated_file, home / "qm.db")
    database = open_database(f"sqlite:///{home}/qm.db")
    planned_company(database, home)
    database.close()
    return home


@pytest.fixture
def company(planned_home: Path, tmp_path: Path) -> Iterator[Company]:
    home = tmp_path / "home"
    shutil.copytree(planned_home, home)
    database = open_database(f"sqlite:///{home}/qm.db")
    yield open_planned(database, home)
    database.close()


@pytest.fixture
def bea(company: Company) -> Person:
    """A buyer: may draft, may not approve."""
    return person(company.stores, "bea")


@pytest.fixture
def thread(company: Company, bea: Person) -> str:
    conversation.open_thread(
        company.stores, "thread-1", surface="test", person=bea, now=company.clock.now()
    )
    return "thread-1"
