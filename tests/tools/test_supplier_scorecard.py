"""How reliable suppliers are: from deliveries to facts, sentences and a command."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import build_app
from agent.compute import InProcess
from engine.errors import UnknownName
from engine.model.people import Person
from support.company import LAST_DAY
from support.imported import NOW, QUICK, copied, opened
from tools.context import ToolContext
from tools.supplier_scorecard import TOOL

BEA = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")


@pytest.fixture
def context(quick_home: Path, tmp_path: Path) -> Iterator[ToolContext]:
    """A planned company of eighty items with a year of deliveries."""
    for stores in opened(copied(quick_home, tmp_path / "home")):
        yield ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


def test_the_least_reliable_comes_first_with_the_money_its_spread_ties_up(
    context: ToolContext,
) -> None:
    result = TOOL.call({}, context)
    facts = {fact.id: fact for fact in result.facts}
    shares = [facts[row[2]].value for row in result.tables[0].rows if row[2]]

    assert result.outcome == "listed"
    assert shares == sorted(shares)  # pyright: ignore[reportArgumentType]  shares are figures
    assert len(shares) > 1
    told = [name.removesuffix(".freed_promised_minor") for name in facts if "freed_prom" in name]
    assert len(told) > 1
    for who in told:
        safety, freed = facts[f"{who}.safety_minor"], facts[f"{who}.freed_promised_minor"]
        assert 0 <= int(freed.value) <= int(safety.value)  # pyright: ignore[reportArgumentType]  both are counts
        assert (freed.currency, freed.is_estimate) == ("GBP", True)


def test_one_supplier_is_told_as_it_stands_in_the_list(context: ToolContext) -> None:
    listed = {fact.id: fact for fact in TOOL.call({}, context).facts}
    worst = str(listed["supplier.1.code"].value)
    one = TOOL.call({"supplier": worst}, context)
    alone = {fact.id: fact for fact in one.facts}

    assert one.outcome == "one"
    assert alone["supplier.otif_share"].value == listed["supplier.1.otif_share"].value
    assert alone["supplier.mean_days"].about == (f"supplier:{worst}",)
    assert (alone["suppliers.first"].value, LAST_DAY.year) == (NOW.date().replace(year=2025), 2026)


def test_a_supplier_that_is_not_there_is_named_with_those_that_are(context: ToolContext) -> None:
    with pytest.raises(UnknownName, match="NOBODY"):
        TOOL.call({"supplier": "NOBODY"}, context)


def test_the_command_prints_the_same_and_gives_json(
    quick_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(quick_home, tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.setenv("QM_HOME", str(home))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.setenv("QM_AUDIT_ANCHOR", str(home / "anchor.jsonl"))
    monkeypatch.chdir(home)
    listed = CliRunner().invoke(build_app(), ["suppliers", "--json"])
    assert listed.exit_code == 0, (listed.output, listed.exception)
    report = json.loads(listed.output)
    worst = report["rows"][0]["supplier"]
    table = CliRunner().invoke(build_app(), ["suppliers"])
    card = CliRunner().invoke(build_app(), ["suppliers", worst])

    assert (table.exit_code, card.exit_code) == (0, 0)
    assert report["rows"][0]["otif_share"] <= report["rows"][1]["otif_share"]
    assert worst in table.output
    assert "Money in safety stock" in card.output
