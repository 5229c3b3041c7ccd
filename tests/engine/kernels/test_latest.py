"""Of many stock records the last one of each place counts."""

import pandas as pd

from engine.kernels.latest import latest_records

RECORDS = pd.DataFrame(
    [
        ("2026-11-02", "A", "X", 5.0),
        ("2026-11-03", "B", "X", 1.0),
        ("2026-11-01", "A", "X", 9.0),  # an older one, listed later
        ("2026-11-02", "A", "X", 7.0),  # the same day once more
        ("2026-11-04", "A", "X", None),  # not counted
        ("2026-11-01", "A", "Y", 3.0),
    ],
    columns=["date", "sku", "location", "on_hand"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))


def test_the_latest_count_of_each_place_is_found_whatever_the_order_of_rows() -> None:
    assert latest_records(RECORDS).tolist() == [1, 3, 5]
    coded = RECORDS.astype({"sku": "category", "location": "category"})
    assert latest_records(coded).tolist() == [1, 3, 5]


def test_without_a_count_there_is_no_record() -> None:
    assert latest_records(RECORDS.assign(on_hand=None)).tolist() == []
    assert latest_records(RECORDS.iloc[:0]).tolist() == []
