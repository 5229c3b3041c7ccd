"""Opening a company: a newcomer needs no set-up, an old database is not touched."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from agent.bootstrap import open_company
from engine.errors import BadSettings, StoreError, WrongSchema
from engine.model.people import Right
from engine.service import audit, people
from engine.store import migrate
from engine.store.database import open_database

PEOPLE = """
currency: GBP
roles: {buyer: {rights: [read, draft, administer]}}
people: [{id: ana, name: Ana Lima, roles: [buyer]}]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_newcomer_gets_a_database_and_a_key_without_asking(home: Path) -> None:
    with open_company() as company:
        assert migrate.schema_status(company.stores.database).is_current
        assert (home / "audit.key").stat().st_mode & 0o777 == 0o600
        assert company.policy_file == home / "people.yaml"


def test_an_older_database_is_left_alone_and_the_error_says_what_to_do(home: Path) -> None:
    with open_company() as company:
        migrate.downgrade(company.stores.database, "0001")
    with pytest.raises(WrongSchema, match="qm db upgrade"):
        open_company()
    database = open_database(f"sqlite:///{home}/quartermaster.db")
    assert migrate.schema_status(database).current == "0001"


def test_the_stores_travel_to_another_process() -> None:
    with open_company() as company:
        travelled = pickle.loads(pickle.dumps(company.stores))  # noqa: S301  our own bytes
        assert travelled.seal == company.stores.seal
        assert migrate.schema_status(travelled.database).is_current


def test_the_key_survives_a_move_into_the_settings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_company() as company:
        made = company.stores.seal.key
    monkeypatch.setenv("QM_AUDIT_KEY_FILE", str(home / "audit.key"))
    with open_company() as company:
        assert company.stores.seal.key == made


def test_a_key_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_AUDIT_KEY", "short")
    with pytest.raises(BadSettings, match="at least 16"):
        open_company()


def test_a_chain_that_has_begun_never_gets_another_key(home: Path) -> None:
    with open_company() as company, company.stores.database.write() as work:
        audit.append(
            work, company.stores.seal, at=company.clock.now(), actor="ana", source="demo",
            kind="test", subject="test", body={},
        )  # fmt: skip
    (home / "audit.key").unlink()
    with pytest.raises(StoreError, match="its key is gone"):
        open_company()
    assert not (home / "audit.key").exists()


def test_the_people_file_is_put_in_force_and_a_broken_one_is_told(home: Path) -> None:
    home.mkdir()
    (home / "people.yaml").write_text(PEOPLE)
    with open_company() as company:
        assert [person.id for person in people.everyone(company.stores)] == ["ana"]
        (event,) = audit.events(company.stores)
        assert json.loads(event.body)["os_user_id"] == os.getuid()
        before = 1
    with open_company() as company:
        assert len(audit.events(company.stores)) == before
    (home / "people.yaml").write_text("people: 3\n")
    with pytest.raises(BadSettings, match=r"people\.yaml"):
        open_company()


def test_a_changed_people_file_is_warned_about_once_and_changes_no_right(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "people.yaml").write_text(PEOPLE)
    with open_company():
        assert capsys.readouterr().err == ""
    mine = home / "mine.yaml"
    mine.write_text(PEOPLE.replace("administer]", "administer, override]"))
    monkeypatch.setenv("QM_PEOPLE_FILE", str(mine))
    with open_company() as company:
        (ana,) = people.everyone(company.stores)
        assert Right.OVERRIDE not in ana.rights
        assert len(audit.events(company.stores)) == 1
    assert capsys.readouterr().err.count("qm policy install") == 1


def test_a_people_file_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_PEOPLE_FILE", "nobody.yaml")
    with pytest.raises(BadSettings, match=r"nobody\.yaml"):
        open_company()


START = "from agent.bootstrap import open_company; print(open_company().stores.seal.key.decode())"


def test_processes_that_start_at_once_agree_on_key_and_schema(
    home: Path, postgres_url: str
) -> None:
    for url in (f"sqlite:///{home}/quartermaster.db", postgres_url):
        environment = {**os.environ, "QM_DATABASE_URL": url}  # noqa: TID251  passed on
        starters = [
            subprocess.Popen(
                [sys.executable, "-c", START], env=environment, stdout=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        keys = {starter.communicate(timeout=60)[0].strip() for starter in starters}
        assert [starter.returncode for starter in starters] == [0, 0]
        assert keys == {(home / "audit.key").read_text().strip()}
    assert [path.name for path in home.glob(".audit*")] == []


def test_a_home_that_cannot_be_written_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_HOME", "/proc/nowhere")
    with pytest.raises(StoreError, match="QM_HOME"):
        open_company()
