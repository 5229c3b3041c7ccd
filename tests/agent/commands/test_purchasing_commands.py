"""Purchasing from a shell: draft, ask, look, decide, verify."""

import json
import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from pypdf import PdfReader
from typer.testing import CliRunner

from agent.cli import build_app
from agent.clock import SystemClock
from agent.terminal.identity import os_user
from engine.errors import (
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    PlanningError,
    Stale,
    StoreError,
)
from engine.service import audit, people, reading
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.database import open_database
from engine.store.tables.company import companies
from engine.store.tables.purchasing import purchase_orders
from support.agent import planned_stores
from support.purchasing import DAY, NOW, POLICY, Run, buy, draft, policy_file, proposed


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """A planned demo company in the home that the commands open."""
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.setenv("QM_HOME", str(tmp_path))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.setenv("QM_AUDIT_ANCHOR", str(tmp_path / "anchor.jsonl"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.yaml").write_text(POLICY)
    database = open_database(f"sqlite:///{tmp_path}/quartermaster.db")
    migrate.upgrade(database)
    return planned_stores(database, tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), [*arguments])


def qm(*arguments: str) -> str:
    """What a command that ends well prints."""
    result = run(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(error: type[PlanningError], says: str, *arguments: str) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, error), (result.output, result.exception)
    assert re.search(says, str(result.exception))


@pytest.mark.parametrize("amount", ["1,5k", "1.000,50", "1.500", "1e15"])
def test_a_budget_that_could_be_read_in_two_ways_is_asked_back(stores: Stores, amount: str) -> None:
    before = reading.latest_run(stores).id
    refused(InvalidInput, "more than one way. Which amount", "plan", "--budget", amount)
    assert reading.latest_run(stores).id == before


def digest_of(number: str) -> str:
    found = re.search(r"--digest (\w+)", qm("approve", "show", number, "--as", "max"))
    assert found is not None
    return found[1]


def test_from_the_plan_to_an_approved_order_and_a_verified_audit(stores: Stores) -> None:
    drafted = qm("po", "draft", "--as", "bea")
    assert "PO-1001" in drafted
    assert "£3,360" in drafted
    assert "3 of them had been drafted before" in qm("po", "draft", "--as", "ben")
    asked = qm("po", "propose", "1001", "--as", "bea")
    assert "Who may approve: Max Okafor, Mia Lund, Dana Whitfield" in asked
    assert "you may approve it" in qm("approve", "list", "--as", "max")
    digest = digest_of("PO-1001")
    no_right = run("approve", "yes", "PO-1001", "--as", "bea", "--digest", digest)
    assert (no_right.exit_code, "no right to approve" in no_right.output) == (2, True)
    first = qm("approve", "yes", "PO-1001", "--as", "max", "--digest", digest)
    assert "needs another approver: Dana Whitfield" in first
    assert "completes it" in qm("policy", "explain", "PO-1001")
    second = qm("approve", "yes", "PO-1001", "--as", "dana", "--digest", digest)
    assert "PO-1001 is approved by Dana Whitfield." in second
    late = run("approve", "no", "PO-1001", "--as", "mia", "--digest", digest, "--reason", "no")
    assert (late.exit_code, "approved already, by Dana" in late.output) == (2, True)
    assert qm("audit", "verify").startswith("audit verified: ")
    shown = json.loads(qm("audit", "show", "--subject", "PO-1001", "--json"))
    assert [event["kind"] for event in shown] == [
        "order.drafted", "order.proposed", "approval.refused", "approval.step", "order.approved",
        "approval.refused",
    ]  # fmt: skip
    assert "order.approved" in qm("audit", "show", "--subject", "PO-1001")


def test_the_newest_events_are_shown_oldest_first_and_the_rest_is_counted(stores: Stores) -> None:
    qm("po", "draft", "--as", "bea")
    qm("po", "propose", "1001", "--as", "bea")
    qm("po", "revise", "1001", "--as", "bea", "--line", "1=12", "--why", "less")
    everything = json.loads(qm("audit", "show", "--json"))
    shown = run("audit", "show", "--limit", "2", "--json")
    assert json.loads(shown.stdout) == everything[-2:]
    assert f"{len(everything) - 2} earlier left out" in shown.stderr
    assert run("audit", "show", "--limit", str(len(everything))).stderr == ""


def test_a_decision_from_a_shell_names_what_was_shown(stores: Stores) -> None:
    qm("po", "draft", "--as", "bea")
    refused(PlanningError, "Nobody has asked", "approve", "show", "1001", "--as", "max")
    qm("po", "propose", "1001", "--as", "bea")
    digest = digest_of("1001")
    decide = ("approve", "yes", "1001", "--as", "max")
    refused(InvalidInput, "approve show", *decide)
    refused(Stale, "Look at it again", *decide, "--digest", "f" * 12)
    refused(Stale, "Look at it again", *decide, "--digest", digest[:4])
    qm("po", "revise", "1001", "--as", "bea", "--line", "1=12", "--why", "less")
    qm("po", "propose", "1001", "--as", "bea")
    refused(Stale, "Look at it again", *decide, "--digest", digest)


def test_a_click_on_what_was_changed_says_what_changed(stores: Stores) -> None:
    qm("po", "draft", "--supplier", "NORDLICHT", "--as", "bea")
    qm("po", "propose", "1001", "--as", "bea")
    digest = digest_of("1001")
    qm("po", "revise", "1001", "--as", "bea", "--line", "1=12", "--why", "less")
    late = run("approve", "yes", "1001", "--as", "max", "--digest", digest)
    assert (late.exit_code, "12 units" in late.output) == (2, True), late.output


def test_a_document_for_a_folder_that_is_not_there_is_a_clear_error(stores: Stores) -> None:
    draft(stores, buy("LAMP-OAK-01", 60))
    refused(
        StoreError, "cannot be written: No such file", "po", "document", "1001", "--out",
        "nowhere/order.csv",
    )  # fmt: skip


def test_an_order_is_changed_compared_and_cancelled(stores: Stores) -> None:
    qm("po", "draft", "--supplier", "NORDLICHT", "--as", "bea")
    shown = json.loads(qm("po", "show", "1001", "--json"))
    oak = next(x for x in shown["content"]["lines"] if x["sku"] == "LAMP-OAK-01")["line"]
    refused(InvalidInput, "LINE=UNITS", "po", "revise", "1", "--line", "x", "--why", "y")
    revised = qm("po", "revise", "1001", "--line", f"{oak}=132", "--why", "y", "--as", "bea")
    assert "144 → 132" in revised
    assert "-£240)" in qm("po", "diff", "1001")
    assert qm("po", "diff", "1001", "2", "2") == "Nothing differs.\n"
    assert "cancelled" in qm("po", "cancel", "1001", "--reason", "no", "--as", "bea")
    refused(IllegalTransition, "cancelled", "po", "cancel", "1001", "--reason", "no", "--as", "max")
    assert "PO-1001" in qm("po", "list", "--state", "cancelled")
    assert json.loads(qm("po", "list", "--state", "sent", "--json")) == []
    refused(PlanningError, "No state 'lost'", "po", "list", "--state", "lost")


def test_a_budget_is_asked_for_and_confirmed_as_it_was_shown(stores: Stores) -> None:
    assert "No budget for this week" in qm("budget", "show")
    asked = qm("budget", "set", "40k", "--category", "Lighting", "--as", "bea")
    assert "category:Lighting" in asked
    digest = re.search(r"--digest (\w+)", asked)
    assert digest is not None
    refused(NotAllowed, "no right", "budget", "confirm", "1", "--digest", digest[1], "--as", "bea")
    refused(Stale, "budget show", "budget", "confirm", "1", "--digest", "0" * 12, "--as", "max")
    assert "Proposal 1" in qm("budget", "show")
    assert "approved" in qm("budget", "confirm", "1", "--digest", digest[1], "--as", "max")
    (status,) = json.loads(qm("budget", "show", "--json"))
    assert (status["cap_minor"], status["origin"]) == (4_000_000, "person")
    assert "£40,000" in qm("budget", "show")
    refused(InvalidInput, "write something like", "budget", "set", "lots", "--as", "bea")


def test_what_was_changed_in_the_database_is_found(stores: Stores) -> None:
    qm("po", "draft", "--as", "bea")
    with stores.database.write() as work:
        work.execute(sa.update(purchase_orders).values(state="approved"))
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "PO-1001 is 'approved'" in result.output
    assert json.loads(run("audit", "verify", "--json").output)["verified"] is False


def test_a_people_file_is_checked_without_being_put_in_force(
    stores: Stores, tmp_path: Path
) -> None:
    assert "people.yaml is valid" in qm("policy", "check")
    other = tmp_path / "other.yaml"
    other.write_text(POLICY.replace("above: 2500", "above: 60000"))
    checked = qm("policy", "check", "--file", str(other))
    assert "remark: Starts above every limit" in checked
    assert "max: manager; approves up to 4,000.00" in checked


def test_outside_a_demo_a_shell_is_who_the_system_says(stores: Stores, tmp_path: Path) -> None:
    qm("po", "draft", "--as", "bea")
    with stores.database.write() as work:
        work.execute(sa.update(companies).values(is_demo=False))
    refused(NotAllowed, "demo company only", "po", "propose", "1001", "--as", "bea")
    refused(NotAllowed, "nobody in the people file", "po", "propose", "1001")
    mapped = POLICY.replace("os_user: bmarsh", f"os_user: {os_user()}")
    (tmp_path / "people.yaml").write_text(mapped)
    refused(NotAllowed, "nobody in the people file", "po", "propose", "1001")
    people.sync(stores, policy_file(mapped), now=NOW)
    assert "is proposed" in qm("po", "propose", "1001")


def test_a_changed_people_file_counts_once_an_administrator_has_installed_it(
    stores: Stores, tmp_path: Path
) -> None:
    over = "set_budget, over_budget]"
    people.sync(stores, policy_file(POLICY.replace(over, f"{over[:-1]}, administer]")), now=NOW)
    larger = tmp_path / "larger.yaml"
    larger.write_text(POLICY.replace(over, f"{over[:-1]}, administer]").replace("2000", "2100"))
    wanted = ("policy", "install", "--file", str(larger), "--as")
    refused(NotAllowed, "Who has: Dana Whitfield", *wanted, "max")
    assert "is in force now" in qm(*wanted, "dana")
    assert "was in force already" in qm(*wanted, "dana")
    event = audit.events(stores, subject="policy")[-1]
    assert (event.actor, event.kind) == ("dana", "policy.installed")


def test_a_lost_anchor_is_accepted_by_a_person(stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "anchor.jsonl").unlink()
    assert "its anchor is gone" in run("audit", "anchor").output
    assert run("audit", "verify").exit_code == 1
    assert "anchored up to 2 of 2 events" in qm("audit", "anchor", "--accept", "--as", "dana")
    assert "audit verified" in qm("audit", "verify")


def test_an_order_can_be_looked_at_as_its_supplier_would_get_it(
    stores: Stores, tmp_path: Path
) -> None:
    qm("po", "draft", "--as", "bea")
    out = tmp_path / "PO-1001.pdf"
    assert str(out) in qm("po", "document", "1001", "--out", str(out))
    text = PdfReader(out).pages[0].extract_text()
    assert "Draft: not approved, and not an order." in text
    assert "order,revision,line" in qm("po", "document", "1001", "--format", "csv", "--out", "-")
    refused(InvalidInput, "Say which with --format", "po", "document", "1001", "--out", "x.doc")


def test_an_approver_lends_their_authority_and_takes_it_back(stores: Stores) -> None:
    days = ("--from", "2026-11-02", "--until", "2099-01-05")
    refused(
        InvalidInput, "more than a year",
        "policy", "lend", "--to", "bea", *days, "--reason", "on leave", "--as", "max",
    )  # fmt: skip
    today = SystemClock().now().date().isoformat()
    lent = qm(
        "policy", "lend", "--to", "bea", "--until", today, "--reason", "on leave", "--as", "max"
    )
    assert "bea stands in for max" in lent
    assert "in force  on leave" in qm("policy", "lent")
    assert "no longer" in qm("policy", "take-back", "1", "--as", "max")
    assert "taken back" in qm("policy", "lent")


def test_two_orders_for_one_place_become_one(stores: Stores) -> None:
    first = proposed(stores, buy("LAMP-OAK-01", 12), now=SystemClock().now())
    (second,) = draft(stores, buy("LAMP-OAK-01", 24), run=Run(id="run-9", created_at=NOW + DAY))
    refused(InvalidInput, "at least two", "po", "merge", "1001", "PO-1001", "--as", "bea")
    shown = qm("po", "merge", first.number, second.number, "--as", "bea")
    assert f"In place of {first.number}, {second.number}" in re.sub(" +", " ", shown)
    assert re.search("Gave way to +PO-1003", qm("po", "show", first.number))
