"""`qm import` and `qm quarantine` as a person types them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from agent.cli import build_app
from engine.errors import BadSource, InvalidInput
from support.exports import SALES, daily_sales, exports

Run = Callable[..., Result]


@pytest.fixture
def qm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QM_HOME", str(tmp_path / "home"))
    app, runner = build_app(), CliRunner()

    def run(*arguments: object) -> Result:
        result = runner.invoke(app, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_an_import_says_what_it_read_found_and_stored(qm: Run, tmp_path: Path) -> None:
    folder = exports(
        tmp_path / "exports",
        sales_csv=daily_sales() + "never,LAMP,LEEDS,web,X,1,10,10,sale\n",
        items_csv="sku,name\nLAMP,Oak [lamp]\n",
    )
    shown = qm("import", folder).output
    assert "Acme (GBP, Europe/London)" in shown
    assert "unknown_skus" in shown
    assert "sales.csv row 122: date 'never' is no date" in shown
    assert "units 361 = 360 accepted + 1 quarantined" in shown
    assert "exact" in shown
    assert "is new." in shown
    assert "Next: qm plan" in shown


def test_the_same_data_again_is_said_to_be_the_same(qm: Run, tmp_path: Path) -> None:
    folder = exports(tmp_path / "exports", sales_csv=daily_sales())
    qm("import", folder)
    assert "the same data as imported before" in qm("import", folder).output


def test_a_change_is_told_by_table_and_days(qm: Run, tmp_path: Path) -> None:
    qm("import", exports(tmp_path / "first", sales_csv=daily_sales(days=60)))
    shown = qm("import", exports(tmp_path / "second", sales_csv=daily_sales(days=62))).output
    assert "sales: 4 rows added (2026-10-02 to 2026-10-03)" in shown
    assert "as-of date changed" in shown


def test_the_report_is_also_json(qm: Run, tmp_path: Path) -> None:
    folder = exports(tmp_path / "exports", sales_csv=daily_sales())
    report = json.loads(qm("import", folder, "--json").output)
    assert report["reconciles"] is True
    assert report["reconciliation"][0]["accepted"]["sums"]["units"] == 360
    assert report["as_of"] == "2026-10-02"
    assert {found["code"] for found in report["findings"]} >= {"assumed", "derived_items"}


def test_the_quarantine_can_be_read_and_taken_along(qm: Run, tmp_path: Path) -> None:
    bad = SALES + "2026-08-03,LAMP,LEEDS,web,W1,1.5,10,10,sale\n"
    qm("import", exports(tmp_path / "exports", sales_csv=bad + daily_sales().split("\n", 1)[1]))
    assert "sales: sales.csv row 2, units '1.5' is no whole number" in qm("quarantine").output
    assert "0 in quarantine" in qm("quarantine", "--table", "items").output
    csv = qm("quarantine", "--csv").output
    assert csv.splitlines()[0] == "table,file,row,column,value,reason,row_kept,record"
    assert '""order_id"": ""W1""' in csv


def test_bad_input_reaches_the_command_line_as_a_sentence(qm: Run, tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="does not exist"):
        qm("import", tmp_path / "absent")


def test_the_help_names_every_table_of_the_contract(qm: Run) -> None:
    from engine.model.contract import TABLES

    shown = qm("import", "--help").output
    assert [table.name for table in TABLES if table.name not in shown] == []


def test_the_contract_is_explained_by_table(qm: Run) -> None:
    shown = qm("import", "--contract", "supplier_items").output
    assert "price breaks as units:price" in shown
    assert "key: supplier + sku" in shown
    assert "fx_rates" in qm("import", "--contract", "all").output
    with pytest.raises(InvalidInput, match=r"no table 'supplier'\. Did you mean 'suppliers'\?$"):
        qm("import", "--contract", "supplier")


def test_the_mapping_grammar_is_explained(qm: Run) -> None:
    shown = qm("import", "--mapping-help").output
    assert "CompanyBlock" not in shown
    assert "A source of a table: One file" in shown
    assert "one_row_per_key" in shown
    assert "stock_days_of_demand" in shown


def test_import_without_a_folder_says_what_to_name(qm: Run) -> None:
    result = qm("import")
    assert result.exit_code == 2
    assert "--contract" in result.output
