"""All checks, in the order in which their findings are read."""

from collections.abc import Callable

from engine.connect.checks.clock import time_zone_shifts
from engine.connect.checks.dates import date_gaps
from engine.connect.checks.prices import zero_prices
from engine.connect.checks.references import (
    currencies_without_rate,
    receipts_without_order,
    skus_written_differently,
    unknown_references,
)
from engine.connect.checks.renames import sku_renames
from engine.connect.checks.spikes import outlier_spikes
from engine.connect.checks.stock import negative_stock, phantom_stock, sales_without_stock
from engine.connect.checks.unit_changes import unit_changes
from engine.connect.checks.view import View
from engine.model.finding import Finding
from engine.model.progress import Progress
from engine.model.snapshot import CompanyProfile

CHECKS: tuple[Callable[[View], list[Finding]], ...] = (
    unknown_references,
    receipts_without_order,
    skus_written_differently,
    sku_renames,
    unit_changes,
    zero_prices,
    date_gaps,
    outlier_spikes,
    negative_stock,
    sales_without_stock,
    phantom_stock,
)


def run_checks(view: View, company: CompanyProfile, progress: Progress) -> list[Finding]:
    """What looks wrong across the tables. No check changes anything."""
    findings: list[Finding] = []
    for done, check in enumerate(CHECKS):
        progress("checking", done, len(CHECKS))
        findings += check(view)
    findings += currencies_without_rate(view, company.base_currency)
    findings += time_zone_shifts(view.tables["sales"].clocks, company.time_zone)
    progress("checking", len(CHECKS), len(CHECKS))
    return findings
