"""Key figures in chat and in a shell: all of them, one in full, and where each comes from."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.compute import InProcess
from agent.views.pictures import draw
from engine.errors import InvalidInput, UnknownName
from engine.model.people import Person
from engine.service.kpi_names import kpi_name
from support.imported import NOW, QUICK, copied, opened
from support.shell import qm, use_home
from tools.context import ToolContext
from tools.kpi_report import TOOL

BEA = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")


@pytest.fixture(scope="module")
def home(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(quick_home, tmp_path_factory.mktemp("kpi") / "home")


@pytest.fixture
def context(home: Path) -> Iterator[ToolContext]:
    for stores in opened(home):
        yield ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


def test_every_figure_that_could_be_measured_has_its_source(context: ToolContext) -> None:
    result = TOOL.call({}, context)
    facts = {fact.id: fact for fact in result.facts}
    values = [fact for fact in result.facts if fact.id.endswith(".value")]

    assert [facts[f"kpi.{n}.name"].value for n in (1, 2)] == ["stockout rate", "fill rate"]
    assert len(values) > 10
    for fact in values:
        assert fact.formula
        assert fact.run_id == result.run_id
        assert fact.snapshot_id
        assert fact.kind == "money" or len(fact.inputs) == 2
        assert all(name in facts for name in fact.inputs)
    # A share is what its two inputs make of it.
    fill = facts["kpi.2.value"]
    above, below = (float(facts[name].value) for name in fill.inputs)  # pyright: ignore[reportArgumentType]  inputs of a share are counts
    assert fill.value == pytest.approx(above / below, abs=1e-3)


def test_one_figure_is_told_week_by_week_and_by_class_with_its_picture(
    context: ToolContext, tmp_path: Path
) -> None:
    result = TOOL.call({"name": "fill-rate", "by": "class", "weeks": 4}, context)
    tables = {table.name: table for table in result.tables}

    assert len(tables["kpi trend"].rows) == 4
    facts = {fact.id: fact for fact in result.facts}
    assert [facts[row[0]].value for row in tables["kpi cut"].rows] == ["A", "B", "C"]
    (chart,) = result.charts
    assert (chart.kind, chart.name, chart.by) == ("kpi", "fill rate", "class")
    words = draw(context.stores, chart, tmp_path / "chart.png")
    assert "fill rate (%): " in words
    assert "fill rate by class" in words
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert {facts[row[0]].value for row in tables["kpi parts"].rows} == {
        "units missed, estimated",
        "units that customers wait for",
    }


def test_a_cut_that_makes_no_sense_is_refused_with_those_that_do(context: ToolContext) -> None:
    with pytest.raises(InvalidInput, match="cannot be cut by location; it is measured by class"):
        TOOL.call({"name": "stock age", "by": "location"}, context)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("GMROI", "gross margin return"), ("OTIF", "on time in full"), ("weeks-of", "weeks of supply"),
     ("on time", "on time"), ("revenue", "revenue saved")],
)  # fmt: skip
def test_figures_are_known_by_the_names_people_use(said: str, meant: str) -> None:
    assert kpi_name(said) == meant


def test_a_figure_that_is_none_is_named_with_close_ones() -> None:
    with pytest.raises(UnknownName, match="forecast accuracy"):
        kpi_name("forcast acuracy")


def test_the_command_writes_a_table_and_json_and_a_picture(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(home, monkeypatch)
    picture = tmp_path / "fill.png"

    told = qm("kpi", "fill-rate", "--by", "location", "--weeks", "3", "--picture", str(picture))
    written = qm("kpi", "weeks-of-supply", "--json", "--weeks", "3")

    assert "Units sold over units wanted" in told.output
    assert "Week of" in told.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    figure = json.loads(written.output)["kpis"]["weeks of supply"]
    assert figure["value"] == pytest.approx(figure["numerator"] / figure["denominator"])
    assert len(figure["weeks"]) == 3
