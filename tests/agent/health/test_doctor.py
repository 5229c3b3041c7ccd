"""`qm doctor`: an answer and a next step, on a fresh machine and in every bad state."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from agent.bootstrap import open_company
from agent.commands import doctor
from agent.health.check import Check, worst
from agent.health.doctor import examine
from agent.worker.loop import Worker
from engine.model.snapshot import CompanyProfile
from engine.service import audit, outbox
from engine.store import migrate
from engine.store.database import open_database
from engine.store.snapshots import SnapshotHeader, StoredTable, save_snapshot
from engine.store.tables import imports
from support.mail import mail_server
from support.running import START, HandClock, company_at
from support.work import NOW, ask, lead, post

PEOPLE = """
currency: GBP
roles:
  buyer: {rights: [read, draft]}
  manager: {rights: [read, approve, set_budget, administer], limits: [{up_to: 1000}]}
people:
  - {id: ana, name: Ana Lima, roles: [buyer]}
  - {id: bo, name: Bo Berg, roles: [manager]}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def checks() -> dict[str, Check]:
    return {check.name: check for check in examine(None, START)}


@pytest.fixture
def company_home(home: Path, migrated_file: Path) -> Path:
    """A home with a database, an audit key and people in force."""
    home.mkdir()
    shutil.copy(migrated_file, home / "quartermaster.db")
    (home / "people.yaml").write_text(PEOPLE)
    with open_company():
        return home


def test_a_fresh_machine_is_told_how_to_begin_and_stays_fresh(home: Path) -> None:
    found = checks()
    assert worst(list(found.values())) == "warn"
    assert found["data"].next_step == "qm demo, or qm import FOLDER"
    assert not home.exists()


def test_a_company_that_was_set_up_is_asked_everything(company_home: Path) -> None:
    found = checks()
    assert list(found) == [
        "settings", "secrets", "model", "disk", "database", "snapshots", "audit", "custody",
        "people", "data", "plan", "worker", "outbox", "jobs", "recurring work",
    ]  # fmt: skip
    assert [name for name, check in found.items() if check.verdict != "ok"] == [
        "custody", "data", "plan", "worker",
    ]  # fmt: skip
    assert found["people"].finding == "2 people, 1 of them may approve"
    assert all(check.next_step for check in found.values() if check.verdict != "ok")


def test_settings_that_are_not_defaults_are_named_with_their_origin(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QM_WEB_PORT", "9000")
    assert "web.port = 9000 ($QM_WEB_PORT)" in checks()["settings"].finding


def test_settings_that_cannot_be_read_are_the_only_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QM_WEB_PORT", "x")
    assert [check.verdict for check in examine(None, START)] == ["fail"]


def test_a_secret_that_everybody_can_read_is_told(company_home: Path) -> None:
    (company_home / "audit.key").chmod(0o644)
    found = checks()["secrets"]
    assert (found.verdict, found.next_step) == ("warn", f"chmod 600 {company_home}/audit.key")


def test_a_model_without_its_key_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_MODEL_PROVIDER", "openai")
    assert checks()["model"].verdict == "fail"
    monkeypatch.setenv("QM_MODEL_API_KEY", "sk-very-secret")
    assert checks()["model"].verdict == "ok"
    assert not any("sk-very" in check.finding for check in checks().values())


def test_a_server_that_does_not_answer_fails_with_its_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QM_DATABASE_URL", "postgresql://127.0.0.1:1/qm")
    found = checks()["database"]
    assert found.verdict == "fail"
    assert "refused" in found.finding


def test_an_older_schema_fails_with_the_command_that_helps(company_home: Path) -> None:
    migrate.downgrade(open_database(f"sqlite:///{company_home}/quartermaster.db"), "0001")
    found = checks()
    assert (found["database"].verdict, found["database"].next_step) == ("fail", "qm db upgrade")
    assert "people" not in found


def test_a_database_from_a_newer_version_fails(company_home: Path) -> None:
    with open_database(f"sqlite:///{company_home}/quartermaster.db").write() as work:
        work.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert "9999" in checks()["database"].finding


def test_a_snapshot_folder_that_is_a_file_fails(company_home: Path) -> None:
    (company_home / "snapshots").write_text("")
    assert checks()["snapshots"].verdict == "fail"


def test_an_audit_that_was_tampered_with_fails(company_home: Path) -> None:
    with open_database(f"sqlite:///{company_home}/quartermaster.db").write() as work:
        work.execute(sa.text("UPDATE audit_events SET actor = 'somebody else'"))
    found = checks()["audit"]
    assert (found.verdict, found.next_step) == ("fail", "qm audit verify")


def test_a_lost_anchor_fails(company_home: Path) -> None:
    (company_home / "audit-anchor.jsonl").unlink()
    found = checks()["audit"]
    assert (found.verdict, "its anchor is gone" in found.finding) == ("fail", True)
    assert not (company_home / "audit-anchor.jsonl").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("QM_AUDIT_ANCHOR", "elsewhere/anchor.jsonl"), ("QM_AUDIT_KEY", "kept in another place")],
)
def test_key_anchor_and_database_in_one_folder_is_warned_about(
    company_home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    found = checks()["custody"]
    assert (found.verdict, str(company_home) in found.finding) == ("warn", True)
    monkeypatch.setenv(variable, value)
    assert checks()["custody"].verdict == "ok"


def test_a_lost_audit_key_fails(company_home: Path) -> None:
    (company_home / "audit.key").unlink()
    assert "its key is gone" in checks()["audit"].finding


def test_a_people_file_that_was_changed_or_broken_is_told(company_home: Path) -> None:
    (company_home / "people.yaml").write_text(PEOPLE.replace("1000", "2000"))
    assert "not in force" in checks()["people"].finding
    (company_home / "people.yaml").write_text("people: 3")
    assert checks()["people"].verdict == "fail"


def test_old_data_and_what_stands_in_for_missing_tables_are_told(company_home: Path) -> None:
    with open_company() as company, company.stores.database.write() as work:
        header = SnapshotHeader(
            company=CompanyProfile(name="Acme", base_currency="GBP"),
            first_day=date(2026, 1, 1), as_of=START.date() - timedelta(days=30),
            sales_bucket="week", tables={"sales": StoredTable(blob="x", rows=1)},
        )  # fmt: skip
        save_snapshot(work, header, NOW)
        work.execute(
            sa.insert(imports.import_runs).values(
                at=NOW,
                source="exports",
                snapshot_id=header.id,
                report={"tallies": [{"table": "sales"}], "quarantined": 2},
            )
        )
    found = checks()
    assert "it ends 30 days ago" in found["data"].finding
    assert "2 values in quarantine" in found["findings"].finding
    assert "promotions" in found["absent"].finding


def test_work_that_needs_a_person_is_told(company_home: Path) -> None:
    database = open_database(f"sqlite:///{company_home}/quartermaster.db")
    post(database, "po-7")
    message = outbox.claim(database, lease=lead(database), kinds=["letter"], now=NOW, seconds=60)
    assert message is not None
    with database.write() as work:
        outbox.unconfirmed(work, message, error="no answer")
    ask(database, "poison")
    with database.write() as work:
        work.execute(sa.text("UPDATE jobs SET state = 'dead', last_error = 'no memory'"))
    found = checks()
    assert "po-7 is unconfirmed: no answer" in found["outbox"].finding
    assert "poison: no memory" in found["jobs"].finding


def test_a_worker_that_leads_is_named(company_home: Path) -> None:
    database = open_database(f"sqlite:///{company_home}/quartermaster.db")
    Worker(
        company_at(database, company_home, HandClock()), kinds={}, routes={}, owner="shed:1"
    ).round()
    assert checks()["worker"].finding == "shed:1 leads"


def test_the_command_fails_when_a_check_fails_and_prints_json(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = typer.Typer()
    doctor.register(app)
    assert CliRunner().invoke(app, []).exit_code == 0
    monkeypatch.setenv("QM_MODEL_PROVIDER", "openai")
    ended = CliRunner().invoke(app, ["--json"])
    assert ended.exit_code == 1
    assert '"verdict": "fail"' in ended.stdout


def test_the_chain_is_begun_by_putting_people_in_force(company_home: Path) -> None:
    with open_company() as company:
        assert audit.has_events(company.stores.database)


def test_the_mail_server_is_tried_without_sending(
    company_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QM_OUTBOX_DELIVER", "email")
    assert "mail.host names no server" in checks()["mail"].finding
    with mail_server("kind") as (server, mailbox):
        monkeypatch.setenv("QM_MAIL_HOST", server.host)
        monkeypatch.setenv("QM_MAIL_PORT", str(server.port))
        monkeypatch.setenv("QM_MAIL_SECURITY", "none")
        assert checks()["mail"].verdict == "ok"
        assert mailbox.kept == []
    assert "cannot be reached" in checks()["mail"].finding
