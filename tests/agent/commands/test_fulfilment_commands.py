"""After sending, from a shell: confirmed, received in parts, amended, sent back, closed."""

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from agent.cli import build_app
from engine.errors import InvalidInput
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.database import open_database
from support.purchasing import NOW, POLICY, buy, click, proposed, purchasing_stores
from support.sent import mark_sent


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """PO-1001 of 60 oak lamps is with its supplier, in the home that the commands open."""
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.setenv("QM_HOME", str(tmp_path))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.setenv("QM_AUDIT_ANCHOR", str(tmp_path / "anchor.jsonl"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.yaml").write_text(POLICY)
    database = open_database(f"sqlite:///{tmp_path}/quartermaster.db")
    migrate.upgrade(database)
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    mark_sent(stores, "PO-1001", NOW)
    return stores


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), [*arguments])


def qm(*arguments: str) -> str:
    """What a command that ends well prints."""
    result = run(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.mark.usefixtures("stores")
def test_an_order_goes_from_its_confirmation_to_its_end() -> None:
    said = qm("po", "confirm", "1001", "--line", "1=48@2026-12-01", "--as", "bea")
    assert "PO-1001 is confirmed." in said
    assert "not as ordered" in said
    assert "confirmed" in qm("po", "accept", "1001", "--reason", "enough", "--as", "bea")

    part = ("po", "receive", "1001", "--line", "1=24", "--key", "DN-1", "--as", "bea")
    assert "part received" in qm(*part)
    assert "recorded before" in qm(*part)
    qm("po", "reject", "1001", "--line", "1=12", "--reason", "crushed", "--as", "bea")
    qm("po", "return", "1001", "--line", "1=2", "--reason", "faulty", "--as", "bea")
    shown = json.loads(qm("po", "show", "1001", "--json"))
    (line,) = shown["progress"]
    assert (line["received"], line["rejected"], line["returned"]) == (24, 12, 2)

    unexplained = run("po", "close", "1001", "--as", "bea")
    assert isinstance(unexplained.exception, InvalidInput)
    ended = qm("po", "close", "1001", "--reason", "out of production", "--as", "bea")
    assert "PO-1001 is closed." in ended
    assert "Never came" in ended
    assert "Open" not in ended
    assert "audit verified" in qm("audit", "verify")
    assert "sealed" in qm("audit", "export", "audit.jsonl", "--as", "dana")
    assert "verified" in qm("audit", "check", "audit.jsonl")
    assert isinstance(run("audit", "export", "audit.jsonl").exception, InvalidInput)


@pytest.mark.usefixtures("stores")
def test_all_that_is_open_is_received_at_once() -> None:
    assert "PO-1001 is received." in qm("po", "receive", "1001", "--all", "--as", "bea")


@pytest.mark.usefixtures("stores")
def test_a_sent_order_is_amended_approved_and_compared() -> None:
    asked = qm("po", "amend", "1001", "--line", "1=72", "--move", "1@2126-12-07", "--why", "more",
               "--as", "bea")  # fmt: skip
    assert "revision 2" in asked
    assert "Max Okafor" in asked
    assert "72" in qm("approve", "show", "1001", "--as", "max")
    assert "60 → 72" in qm("po", "diff", "1001", "1", "2")
    gone = qm("po", "withdraw-amendment", "1001", "--reason", "not now", "--as", "bea")
    assert "PO-1001 is sent." in gone


@pytest.mark.parametrize(
    "words",
    [
        ("confirm", "1001", "--line", "1=48"),
        ("receive", "1001", "--line", "one=48"),
        ("amend", "1001", "--why", "x", "--move", "1@soon"),
    ],
)
@pytest.mark.usefixtures("stores")
def test_what_is_not_written_as_asked_says_how(words: tuple[str, ...]) -> None:
    result = run("po", *words, "--as", "bea")
    assert isinstance(result.exception, InvalidInput)
    assert "write something like" in str(result.exception)


@pytest.mark.usefixtures("stores")
def test_a_price_that_the_supplier_confirmed_is_asked_for_as_an_amendment() -> None:
    said = qm("po", "confirm", "1001", "--price", "1=21.50", "--as", "bea")
    assert "not as ordered" in said
    assert "£21.50" in said
    refused = run("po", "accept", "1001", "--reason", "fine", "--as", "bea")
    assert isinstance(refused.exception, InvalidInput)
    assert "revision 2" in qm("po", "amend", "1001", "--as-confirmed", "--why", "copper",
                              "--as", "bea")  # fmt: skip
    assert "60 → 60 units, £20.00 → £21.50 each (£90)" in qm("po", "diff", "1001", "1", "2")
    shown = qm("approve", "show", "1001", "--as", "max")
    digest = shown.split("--digest ")[1].split()[0]
    assert "approved" in qm("approve", "yes", "1001", "--digest", digest, "--as", "max")
    assert "£1,290" in qm("po", "show", "1001")


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("--price", "1:21"), "LINE=PRICE"),
        (("--price", "1=x"), "is no price"),
        (("--price", "1=0"), "is no price of 60 units"),
        (("--price", "1=-2"), "is no price of 60 units"),
        (("--price", "1=99999999999"), "is no price of 60 units"),
        (("--price", "2=20"), "There is no line 2"),
        (("--price", "1=21", "--price", "1=22"), "two prices"),
        (("--price", "1=21", "--as-confirmed"), "leave the others out"),
    ],
)
def test_a_price_that_nobody_can_pay_is_refused(typed: tuple[str, ...], says: str) -> None:
    refused = run("po", "amend", "1001", *typed, "--why", "w", "--as", "bea")
    assert isinstance(refused.exception, InvalidInput)
    assert says in str(refused.exception)
