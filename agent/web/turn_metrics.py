"""What /metrics tells of conversations: answers, tokens, calls, refusals, and how long tools take.

Counted from the turns that are kept: when old ones are deleted a counter starts again lower, which
Prometheus takes for a restart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from engine.service import tallies
from engine.store.database import Database

WINDOW = timedelta(hours=24)


def turn_metrics(database: Database, now: datetime) -> Iterable[Metric]:
    yield _counted(
        "qm_turns", "Answered turns by how their figures were grounded.", ("outcome",),
        {(outcome,): n for outcome, n in tallies.turns_by_outcome(database).items()},
    )  # fmt: skip
    read, written = tallies.tokens(database)
    yield _counted(
        "qm_model_tokens", "Tokens that models read and wrote.", ("direction",),
        {("read",): read, ("written",): written},
    )  # fmt: skip
    yield _counted(
        "qm_tool_calls", "Tool calls by tool and state.", ("tool", "state"),
        tallies.calls_by_tool(database),
    )  # fmt: skip
    yield _counted(
        "qm_grounding_refusals", "Drafts of models that grounding refused, by rule.", ("rule",),
        {(rule,): n for rule, n in tallies.refusals_by_rule(database).items()},
    )  # fmt: skip
    slowest = GaugeMetricFamily(
        "qm_tool_seconds_p95", "95th percentile of a tool's time, last 24 hours.", labels=["tool"]
    )
    for tool, seconds in sorted(tallies.slowest_seconds(database, now - WINDOW).items()):
        slowest.add_metric([tool], seconds)
    yield slowest


def _counted(
    name: str, meaning: str, labels: tuple[str, ...], counts: Mapping[tuple[str, ...], int]
) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, number in sorted(counts.items()):
        family.add_metric(values, number)
    return family
