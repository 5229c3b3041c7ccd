"""An order late in the evening belongs to the day of the place where it was made."""

from pathlib import Path

from engine.connect.columns import Numbers, Text
from support.exports import exports, read

HEADER = "date,sku,location,units,order_id\n"
PLACES = """\
    location,time_zone
    LONDON,
    TOKYO,Asia/Tokyo
    NEWYORK,America/New_York
    """


def _days(tmp_path: Path, *rows: str, locations: str = PLACES) -> list[str]:
    """The day of each row, in the order of the source; the company is in London."""
    text = HEADER + "".join(f"{row}\n" for row in rows)
    data = read(exports(tmp_path, sales_csv=text, locations_csv=locations))
    sales = data.tables["sales"]
    days, orders = sales["date"], sales["order_id"]
    assert isinstance(days, Numbers)
    assert isinstance(orders, Text)
    shown = [str(day)[5:10] for day in days.cells]
    return [day for _, day in sorted(zip(map(orders.at, range(len(orders))), shown, strict=True))]


def test_an_instant_is_dated_on_the_clock_of_its_location(tmp_path: Path) -> None:
    evening = "2026-07-01T23:30:00+01:00"  # in London; next morning in Tokyo, afternoon in New York
    days = _days(
        tmp_path, f"{evening},A,LONDON,1,1", f"{evening},A,TOKYO,1,2", f"{evening},A,NEWYORK,1,3"
    )

    assert days == ["07-01", "07-02", "07-01"]


def test_half_past_eleven_in_the_evening_is_that_day_everywhere(tmp_path: Path) -> None:
    days = _days(
        tmp_path,
        "2026-07-01T23:30:00+01:00,A,LONDON,1,1",
        "2026-07-01T23:30:00+09:00,A,TOKYO,1,2",
        "2026-07-01T23:30:00-04:00,A,NEWYORK,1,3",
    )

    assert days == ["07-01", "07-01", "07-01"]


def test_a_time_without_a_zone_is_that_of_the_place_already(tmp_path: Path) -> None:
    days = _days(
        tmp_path,
        "2026-07-01 23:30:00,A,LONDON,1,1",
        "2026-07-01 23:30:00,A,TOKYO,1,2",
        "2026-07-01 00:30:00,A,NEWYORK,1,3",
    )

    assert days == ["07-01", "07-01", "07-01"]


def test_the_night_the_clocks_change_is_dated_right(tmp_path: Path) -> None:
    """New York leaves summer time on 2026-11-01 at 06:00 UTC: midnight is 04:00, then 05:00."""
    days = _days(
        tmp_path,
        "2026-11-01T03:59:00Z,A,NEWYORK,1,1",
        "2026-11-01T04:01:00Z,A,NEWYORK,1,2",
        "2026-11-02T04:59:00Z,A,NEWYORK,1,3",
        "2026-11-02T05:01:00Z,A,NEWYORK,1,4",
    )

    assert days == ["10-31", "11-01", "11-01", "11-02"]


def test_rows_without_a_location_are_those_of_the_only_one(tmp_path: Path) -> None:
    only = """\
        location,time_zone
        TOKYO,Asia/Tokyo
        """
    days = _days(tmp_path, "2026-07-01T18:00:00Z,A,,1,1", locations=only)

    assert days == ["07-02"]
