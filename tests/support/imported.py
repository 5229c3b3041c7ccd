"""The small demo company as an import leaves it, and planned: made once, copied by tests."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.connect.write_folder import write_folder
from engine.model.config import PlanConfig
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.service.stores import Stores
from engine.simulate.company.team import PEOPLE_FILE
from engine.store.database import open_database
from support.company import small_company
from support.plans import stores_for

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
QUICK = PlanConfig(paths=64, horizon=8, challenger=False)
DATABASE = "quartermaster.db"


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company and its people as files."""
    company = small_company()
    folder = tmp_path_factory.mktemp("company") / "data"
    write_folder(folder, company.profile, company.tables, files={"people.yaml": PEOPLE_FILE})
    return folder


@pytest.fixture(scope="session")
def imported_home(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, company_folder: Path
) -> Path:
    """To be copied; nobody writes here."""
    home = tmp_path_factory.mktemp("imported")
    shutil.copy(migrated_file, home / DATABASE)
    for stores in opened(home):
        import_folder(stores, company_folder, mapping=None, now=NOW)
    return home


@pytest.fixture(scope="session")
def quick_home(tmp_path_factory: pytest.TempPathFactory, imported_home: Path) -> Path:
    """With the plan of QUICK; to be copied."""
    home = copied(imported_home, tmp_path_factory.mktemp("quick") / "home")
    for stores in opened(home):
        run_plan(stores, QUICK, now=NOW)
    return home


def copied(home: Path, to: Path) -> Path:
    return shutil.copytree(home, to)


def opened(home: Path) -> Iterator[Stores]:
    """The stores of a home, closed after use."""
    database = open_database(f"sqlite:///{home}/{DATABASE}")
    yield stores_for(database, home)
    database.close()
