"""A few weeks of the simulated year: every week through the services, every check held."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from evals.year.run import run_year
from evals.year.witness import cash_check, windows_check
from support.imported import QUICK

CHECKS = (
    "units sold reconcile with the events",
    "time out of stock reconcile with the events",
    "stock reconcile with the events",
    "orders sent reconcile with the events",
    "80 % windows told to customers hold 80 % +/- 5",
    "80 % windows of order lines hold 80 % +/- 5",
    "revenue saved is zero without actions",
    "revenue saved is not above what customers paid",
    "no unit is promised twice",
    "no week spends more than its cash",
    "every order line was placed once",
    "the audit is whole",
)


def test_six_weeks_through_the_services_hold_every_check(tmp_path: Path) -> None:
    config = replace(QUICK, paths=32)
    result = run_year(
        tmp_path, config, skus=12, weeks=6, seed=7, watch=lambda _what, _week: None, known_days=238
    )

    assert tuple(check["name"] for check in result["checks"]) == CHECKS
    assert [check for check in result["checks"] if not check["holds"]] == []
    assert result["holds"]
    assert result["ours"]["wanted_units"] == result["rule"]["wanted_units"] > 50
    assert result["ours"]["order_lines"] > 3  # something was bought through the services
    assert (result["kpis"]["revenue saved"]["value"] or 0) > 0
    assert result["kpis"]["forecast accuracy"]["value"] is not None
    # Every week was judged against the plan that was live; the last one's sales no plan knows yet.
    assert result["learnt"]["weeks"] == 5


@pytest.mark.parametrize(("spent", "holds"), [([90, 100], True), ([90, 101], False)])
def test_a_week_that_spends_a_penny_too_much_is_told(spent: list[int], holds: bool) -> None:  # noqa: FBT001  what parametrize passes
    ours = SimpleNamespace(made=SimpleNamespace(cap=1.00), spent_minor=spent)

    assert cash_check(cast("Any", ours)).holds is holds


@pytest.mark.parametrize(
    ("kept", "settled", "holds"),
    [(160, 200, True), (149, 200, False), (175, 200, False), (10, 20, True)],
)
def test_windows_are_judged_once_there_are_enough(kept: int, settled: int, holds: bool) -> None:  # noqa: FBT001  what parametrize passes
    kpi = SimpleNamespace(value=kept / settled, denominator=settled)

    assert windows_check("windows", cast("Any", kpi)).holds is holds
