"""Every row and every unit of a source is accounted for, whatever the file holds."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings, strategies as st

from engine.connect.mapping import Mapping
from engine.connect.tally import Part, Tally, shown_sum
from support.exports import SALES, exports, read

GOOD = "2026-08-03,LAMP,LEEDS,web,W1,1,10.00,10,sale"
DATES = st.sampled_from(["2026-08-03", "2026-08-04", "2026-09-31", "", "03.08.2026", "soon"])
SKUS = st.sampled_from(["LAMP", "VASE", "lamp", "", "00012"])
UNITS = st.one_of(
    st.integers(-50, 5_000_000).map(str), st.sampled_from(["", "x", "1.5", "2.0", "1,000", "(3)"])
)
MONEY = st.one_of(
    st.decimals(-99, 9_999, places=3).map(str),
    st.sampled_from(["", "£9.99", "n/a", "1,234.56", "12,5"]),
)
KINDS = st.sampled_from(["sale", "Return", "", "gift", "cancellation"])
PLACES = st.just("LEEDS"), st.just("web"), st.just("W1")
LINES = st.tuples(DATES, SKUS, *PLACES, UNITS, MONEY, MONEY, KINDS).map(
    lambda cells: ",".join(f'"{cell}"' for cell in cells)
)
BROKEN = st.sampled_from(["", "only,three,cells", GOOD + ",extra", '"quoted ""line""",1'])
STATED = Mapping.model_validate(
    {
        "company": {"name": "Acme", "base_currency": "GBP"},
        "tables": {
            "sales": [
                {
                    "file": "sales.csv",
                    "drop": [{"reason": "vases", "where": [{"column": "sku", "equals": "VASE"}]}],
                }
            ]
        },
        "checks": {"identical_sales": "once"},
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(LINES, LINES, BROKEN), max_size=40), st.booleans())
def test_rows_and_sums_of_any_file_reconcile(lines: list[str], filtered: bool) -> None:  # noqa: FBT001  Hypothesis passes by position
    text = SALES + "\n".join([GOOD, *lines]) + "\n"
    with TemporaryDirectory() as place:
        data = read(exports(Path(place), sales_csv=text), STATED if filtered else None)
    (sales,) = [tally for tally in data.tallies if tally.table == "sales"]
    assert sales.is_exact
    assert sales.read.rows == 1 + sum(line != "" for line in lines)
    left_out = sum(not cell.row_kept for cell in data.bad)
    assert sales.quarantined.rows == left_out
    assert sales.accepted.rows == len(data.tables["sales"]["sku"])


def test_a_lost_row_or_unit_does_not_reconcile() -> None:
    read_part = Part(rows=3, sums={"units": 6})
    kept = Part(rows=2, sums={"units": 5})
    exact = Tally(
        table="sales", read=read_part, accepted=kept, filtered=Part(rows=1, sums={"units": 1})
    )
    assert exact.is_exact
    lost = Tally(table="sales", read=read_part, accepted=kept)
    assert lost.difference == Part(rows=1, sums={"units": 1})
    assert not lost.is_exact


def test_sums_are_shown_to_the_last_digit() -> None:
    assert shown_sum("net_revenue", 9_747_747_934_000) == "9,747,747.934"
    assert shown_sum("net_revenue", -12_500_000) == "-12.50"
    assert shown_sum("units", 5_176_450) == "5,176,450"
