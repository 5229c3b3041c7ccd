"""The lead-time harness: what counts as a shipment, and that nothing is known before its day."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from engine.errors import BadSource, InvalidInput
from evals.commands import evaluate
from evals.lead_time.figures import by_history, scores
from evals.lead_time.peers import peer_quantiles
from evals.lead_time.run import score_remaining, score_sent
from evals.lead_time.shipments import Shipments, read_shipments

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "scms_delivery"
START = pd.Timestamp("2007-01-01")


def line(po: str, sent: str, delivered: str, **other: str) -> dict[str, str]:
    return {
        "PO / SO #": po, "ASN/DN #": f"ASN-{po}", "Vendor": "ORGENICS", "Country": "Haiti",
        "Item Description": "HIV test", "Fulfill Via": "Direct Drop", "Shipment Mode": "Air",
        "PO Sent to Vendor Date": sent, "Scheduled Delivery Date": "31-Dec-08",
        "Delivered to Client Date": delivered, **other,
    }  # fmt: skip


def many_lines(count: int = 120) -> list[dict[str, str]]:
    """Two vendors, one slow; 3 to 8 orders a month over two years."""
    random = np.random.default_rng(7)
    lines: list[dict[str, str]] = []
    for k in range(count):
        sent = START + pd.Timedelta(days=5 * k)
        mean = 30 if k % 2 else 90
        came = sent + pd.Timedelta(days=int(random.gamma(4, mean / 4)))
        lines.append(
            line(
                f"P{k}", sent.strftime("%m/%d/%y"), came.strftime("%d-%b-%y"),
                Vendor=f"V{k % 2}", Country=("Haiti", "Kenya")[k // 3 % 2],
            )
        )  # fmt: skip
    return lines


def written(folder: Path, lines: list[dict[str, str]]) -> Path:
    path = folder / "scms_delivery.csv"
    pd.DataFrame(lines).to_csv(path, index=False)
    return path


def test_one_shipment_per_order_and_notice_and_what_is_dropped_is_counted(tmp_path: Path) -> None:
    lines = [
        line("A", "1/5/07", "4-Feb-07"),
        line("A", "1/5/07", "4-Feb-07"),
        line("B", "Date Not Captured", "4-Feb-07"),
        line("C", "1/5/07", "1-Jan-07"),
        line("D", "1/5/07", "4-Feb-07", **{"Fulfill Via": "From RDC"}),
    ]
    shipments = read_shipments(written(tmp_path, lines))

    assert shipments.lead_days.tolist() == [30]
    assert shipments.dropped == {
        "not direct drop": 1, "no day of sending": 1, "no day of delivery": 0,
        "delivered before sent": 1,
    }  # fmt: skip
    assert shipments.complete_until == date(2007, 12, 31)


def test_peers_know_a_delivery_from_its_day_on(tmp_path: Path) -> None:
    shipments = read_shipments(written(tmp_path, [line("A", "1/5/07", "4-Feb-07")]))
    came = int(shipments.delivered[0])
    known = peer_quantiles(shipments, np.array([0]), came, (0.5,))

    assert known["global_empirical"].tolist() == [[30.0]]
    with pytest.raises(IndexError):
        peer_quantiles(shipments, np.array([0]), came - 1, (0.5,))


def test_what_comes_after_an_order_is_sent_changes_nothing_about_it(tmp_path: Path) -> None:
    """Later deliveries are pushed back by weeks; predictions made before them stay the same."""
    shipments = read_shipments(written(tmp_path, many_lines()))
    cut = date(2008, 3, 31).toordinal()
    until = date(2008, 4, 30).toordinal()
    future = shipments.delivered > until
    moved = replace(
        shipments, delivered=np.where(future, shipments.delivered + 40, shipments.delivered)
    )

    first, second = score_sent(shipments, cut, until), score_sent(moved, cut, until)

    assert future.any()
    assert np.array_equal(first.ours, second.ours)
    assert all(np.array_equal(first.peers[name], second.peers[name]) for name in first.peers)


def test_the_order_of_the_lines_changes_nothing(tmp_path: Path) -> None:
    lines = many_lines(100)
    straight = _quantiles(read_shipments(written(tmp_path, lines)))
    turned = _quantiles(read_shipments(written(tmp_path, lines[::-1])))

    assert np.array_equal(straight, turned)


def _quantiles(shipments: Shipments) -> np.ndarray:
    return score_sent(shipments, date(2007, 10, 1).toordinal(), date(2007, 10, 31).toordinal()).ours


def test_the_slow_vendor_is_expected_to_be_slow_and_days_still_needed_stay_positive(
    tmp_path: Path,
) -> None:
    shipments = read_shipments(written(tmp_path, many_lines()))
    scored = score_sent(shipments, date(2008, 3, 1).toordinal(), date(2008, 4, 30).toordinal())
    slow = shipments.frame["supplier"].to_numpy()[scored.rows] == "V0"
    remaining = score_remaining(shipments, scored)

    assert scored.ours[slow, 3].min() > 1.5 * scored.ours[~slow, 3].max()
    assert (np.diff(scored.ours, axis=1) >= 0).all()
    assert remaining["least_days"] >= 1
    assert 0 < remaining["shipments"] < len(scored.rows)


def test_scores_by_hand() -> None:
    quantiles = np.array([[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]] * 2)
    found = scores(quantiles, np.array([3.0, 6.0]))

    # Errors of 3 against each level, and of 6: sums of level or 1 - level times the distance.
    first = (0.025 * 3 + 0.1 * 2 + 0.25 + 0.25 + 0.1 * 2 + 0.025 * 3) / 7
    second = (0.025 * 6 + 0.1 * 5 + 0.25 * 4 + 0.5 * 3 + 0.75 * 2 + 0.9 * 1) / 7
    assert found["pinball"] == pytest.approx((first + second) / 2, abs=1e-3)
    assert found["coverage"] == {"50": 50.0, "80": 50.0, "95": 100.0}
    assert found["width_80"] == 4.0


def test_groups_of_history_are_those_of_the_protocol() -> None:
    quantiles, actual = np.zeros((4, 7)), np.zeros(4)
    groups = by_history(quantiles, actual, np.array([30, 29, 1, 0]))

    assert {name: group["shipments"] for name, group in groups.items()} == {
        "30 or more": 1, "fewer": 2, "none": 1,
    }  # fmt: skip


def test_the_command_prints_ours_beside_the_peers_and_writes_the_keys(tmp_path: Path) -> None:
    written(tmp_path, many_lines(100))
    said = CliRunner().invoke(
        evaluate,
        ["lead-time", "--data", str(tmp_path), "--train-until", "2007-09-30",
         "--score-until", "2007-12-31",
         "--json", str(tmp_path / "out.json")],
    )  # fmt: skip
    figures = json.loads((tmp_path / "out.json").read_text())

    assert said.exit_code == 0, said.output
    assert "rolling_vendor" in said.output
    assert set(figures["coverage"]) == {"50", "80", "95"}
    assert set(figures["peers"]) == {"global_empirical", "vendor_empirical", "rolling_vendor"}
    assert "80" in figures["by_history"]["30 or more"]["coverage"]
    assert 0 <= figures["remaining"]["coverage"]["80"] <= 100


def test_a_folder_without_the_file_and_a_file_without_the_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"No scms\*\.csv"):
        read_shipments(tmp_path)
    (tmp_path / "scms.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadSource, match="has no column"):
        read_shipments(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the development data in ../shared/data")
def test_real_vendors_are_predicted_better_than_by_any_peer() -> None:
    shipments = read_shipments(DATA)
    after, until = date(2010, 6, 30).toordinal(), date(2010, 7, 31).toordinal()
    scored = score_sent(shipments, after, until)
    actual = shipments.lead_days[scored.rows].astype(float)
    ours = scores(scored.ours, actual)

    assert len(shipments.sent) == 2116
    assert ours["pinball"] < min(scores(peer, actual)["pinball"] for peer in scored.peers.values())
