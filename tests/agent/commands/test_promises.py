"""Customers who wait, messages, keys and connections, from a shell."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import build_app
from engine.errors import BadSettings, NotAllowed, PlanningError, UnknownName
from engine.simulate.company.team import PEOPLE_FILE
from support.imported import copied
from support.shell import use_home
from support.vendors import vendor


@pytest.fixture(scope="module")
def home(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo company, imported, promised at the moment of the command."""
    home = copied(imported_home, tmp_path_factory.mktemp("shell") / "home")
    (home / "people.yaml").write_text(PEOPLE_FILE)
    return home


@pytest.fixture(autouse=True)
def _here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    use_home(home, monkeypatch)
    return


def qm(*arguments: str) -> Result:
    result = CliRunner().invoke(build_app(), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_who_waits_is_allocated_listed_and_accounted_for() -> None:
    assert "Nothing is promised yet" in qm("backorders", "list").output
    done = qm("backorders", "allocate").output
    assert "10 lines wait" in done
    assert "Nothing has changed" in qm("backorders", "allocate").output
    listed = qm("backorders", "list").output
    assert listed.count("W9000") == 10
    assert "Who waits" in listed
    told = json.loads(qm("backorders", "list", "--json").output)["lines"]
    for line in told:  # in full: `cancel` takes the name as it is shown
        assert f" {line['order_line']} " in listed
        assert f" {line['sku']} " in listed
    assert "no such entry" in qm("backorders", "ledger").output


def test_messages_are_shown_as_customers_read_them_and_leave_only_where_there_is_a_way() -> None:
    qm("backorders", "allocate")
    listed = qm("messages", "list").output
    number = next(word for word in listed.split() if word.isdigit())
    shown = qm("messages", "show", number).output
    assert shown.startswith("Your order W9000")
    assert "Hello," in shown
    with pytest.raises(BadSettings, match=r"set promises\.contacts"):
        qm("messages", "send", number, "--as", "buyer")
    assert "dismissed" in qm("messages", "dismiss", number, "--reason", "x", "--as", "buyer").output
    assert "Noted" in qm("messages", "opt-out", "customer-1", "--as", "buyer").output
    assert "Noted" in qm("messages", "opt-in", "customer-1", "--as", "buyer").output


def test_a_customer_who_cancels_leaves_the_queue() -> None:
    qm("backorders", "allocate")
    done = qm("backorders", "cancel", "W900000-1", "--reason", "changed mind", "--as", "buyer")
    assert "is cancelled" in done.output
    assert "9 lines wait" in qm("backorders", "allocate").output
    with pytest.raises(UnknownName):
        qm("backorders", "cancel", "W1", "--reason", "x", "--as", "buyer")


def test_a_transfer_is_told_when_it_leaves_and_when_it_comes() -> None:
    told = ("RUG-JUTE-01", "LONDON", "WAKEFIELD", "1", "--arrives", "2099-01-02", "--key", "T-1")
    assert "Under way as T-1" in qm("backorders", "transfer", *told, "--as", "buyer").output
    assert "told before" in qm("backorders", "transfer", *told, "--as", "buyer").output
    assert "It is there" in qm("backorders", "transferred", "T-1", "--as", "buyer").output
    with pytest.raises(PlanningError, match="'received'"):
        qm("backorders", "transferred", "T-1", "--lost", "--as", "buyer")


def test_a_key_is_made_by_an_administrator_shown_once_and_ended() -> None:
    made = qm("api-key", "create", "storefront", "--as", "finance").output
    text = next(word for word in made.split() if word.startswith("qm_"))
    assert text not in qm("api-key", "list").output
    assert "storefront" in qm("api-key", "list").output
    assert "opens nothing" in qm("api-key", "revoke", text.split("_")[1], "--as", "finance").output
    with pytest.raises(NotAllowed):
        qm("api-key", "create", "mine", "--as", "buyer")
    added = qm("webhooks", "add", "https://shop.example/promises", "--as", "finance").output
    assert "whsec_" in added
    assert "shop.example" in qm("webhooks", "list").output
    assert "nothing more" in qm("webhooks", "end", "1", "--as", "finance").output


def test_a_policy_is_shown_and_a_wrong_one_named(tmp_path: Path) -> None:
    assert "confidence: 0.8" in qm("backorders", "policy").output
    file = tmp_path / "promises.yaml"
    file.write_text("tolerence_days: 3\n")
    with pytest.raises(BadSettings, match="Did you mean 'tolerance_days'"):
        qm("backorders", "policy", str(file))
    file.write_text("channel_reserve: {web: 0.9, trade: 0.4}\n")
    with pytest.raises(BadSettings, match="add up to at most 1"):
        qm("backorders", "policy", str(file))
    file.write_text("classes: [vip]\nmessages: {telling: send, carrier: webhook}\n")
    assert "telling: send" in qm("backorders", "policy", str(file)).output


def test_connecting_walks_through_what_is_needed_and_checks_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "shopify: not set" in qm("connect", "list").output
    with pytest.raises(BadSettings, match=r"set shopify\.shop and shopify\.token"):
        qm("connect", "check", "shopify")
    with pytest.raises(PlanningError, match="see the steps above"):
        qm("connect", "check", "books")
    with pytest.raises(UnknownName):
        qm("connect", "check", "sap")
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "stock.csv").write_text("date,sku,on_hand\n2026-11-15,RUG-JUTE-01,7\n")
    monkeypatch.setenv("QM_WAREHOUSE_FOLDER", str(drop))
    assert "It works" in qm("connect", "check", "warehouse").output
    pulled = qm("connect", "pull", "warehouse").output
    assert "1 of stock" in pulled
    assert "qm import" in pulled
    assert (home / "connected" / "warehouse" / "stock.csv").exists()
    assert "rows changed: none" in qm("connect", "pull", "warehouse").output
    assert "from the beginning" in qm("connect", "forget", "warehouse").output


def test_a_shop_that_answers_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with vendor() as server:
        monkeypatch.setenv("QM_SHOPIFY_SHOP", server.url)
        monkeypatch.setenv("QM_SHOPIFY_TOKEN", "shpat_good")
        assert "connected with Lantern" in qm("connect", "check", "shopify").output
        assert "shpat_good" not in qm("connect", "list").output


def test_books_as_files_are_checked_and_have_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings, match="qm connect check books"):
        qm("connect", "post")
    monkeypatch.setenv("QM_BOOKS_SYSTEM", "files")
    monkeypatch.setenv("QM_BOOKS_ACCOUNT", "310")
    monkeypatch.setenv("QM_BOOKS_FOLDER", str(tmp_path / "books"))
    assert "It works" in qm("connect", "check", "books").output
    assert "Accounting has everything" in qm("connect", "post").output
