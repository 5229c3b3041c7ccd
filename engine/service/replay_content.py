"""A replay's report as plain values: what is stored, and what `qm replay --json` writes."""

import json
from dataclasses import asdict
from typing import Any, cast

from engine.model.canonical import canonical_json
from engine.service.replay import ReplayReport
from engine.simulate.bootstrap import LEVEL


def replay_content(report: ReplayReport) -> dict[str, Any]:
    """Policies by name; amounts in minor units of the base currency, dates as ISO texts."""
    content = {
        "snapshot": report.snapshot_id,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "weeks": report.weeks,
        "warm_up_weeks": report.warm_up_weeks,
        "currency": report.currency,
        "budget_minor": report.budget_minor,
        "seed": report.seed,
        "series": report.series,
        "left_out": report.left_out,
        "interval": LEVEL,
        "order": [outcome.policy for outcome in report.outcomes],  # as shown, ours first
        "policies": {
            outcome.policy: {
                **asdict(outcome),
                "fill_rate": outcome.fill_rate,
                "budget_used": report.budget_used(outcome.policy),
                "intervals": {
                    name: asdict(each) for name, each in report.estimates[outcome.policy].items()
                },
            }
            for outcome in report.outcomes
        },
        "ours_less": {
            name: {measure: asdict(each) for measure, each in measures.items()}
            for name, measures in report.against.items()
        },
        "rules": [asdict(rule) for rule in report.rules],
    }
    return cast("dict[str, Any]", json.loads(canonical_json(content)))
