"""/metrics: what Prometheus asks. Counts come from the database, so any process tells them all."""

from collections.abc import Iterable
from typing import get_args

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from agent.bootstrap import Company
from agent.threads import Threads
from agent.web.turn_metrics import turn_metrics
from engine.errors import PlanningError
from engine.service import jobs, outbox
from engine.service.jobs import JobState
from engine.service.leases import WORKER, lease_holder
from engine.service.outbox import MessageState
from engine.service.reading import latest_run

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class HttpMetrics:
    """Latency of this process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "qm_http_request_seconds",
            "Time to answer a request.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(method, route, str(status)).observe(seconds)


class StoreMetrics(Collector):
    """Read from the database at every scrape; a store that fails is a figure too."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("qm_store_up", "1 when the database answers.")
        try:
            found = list(self._found())
        except PlanningError:
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        yield up
        yield from found

    def _found(self) -> Iterable[Metric]:
        database, now = self._company.stores.database, self._company.clock.now()
        yield _by_state("qm_jobs", "Jobs by state.", JobState, jobs.counts(database))
        sent = outbox.counts(database)
        yield _by_state("qm_outbox_messages", "Messages by state.", MessageState, sent)
        yield from turn_metrics(database, now)
        led = lease_holder(database, WORKER, now) is not None
        yield GaugeMetricFamily("qm_worker_leads", "1 while a worker leads.", value=float(led))
        yield from self._plan_age()

    def _plan_age(self) -> Iterable[Metric]:
        try:
            run = latest_run(self._company.stores)
        except PlanningError:  # no plan yet: no age
            return
        age = (self._company.clock.now() - run.created_at).total_seconds()
        yield GaugeMetricFamily("qm_plan_age_seconds", "Age of the plan of record.", value=age)


def router(company: Company, threads: Threads, measured: HttpMetrics) -> APIRouter:
    measured.registry.register(StoreMetrics(company))
    routes = APIRouter()

    @routes.get("/metrics")
    async def metrics() -> Response:
        text = await threads.run(generate_latest, measured.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return routes


def _by_state(name: str, meaning: str, states: object, counted: dict[str, int]) -> Metric:
    """A line for each state of a Literal, at zero too: an alert cannot watch a line that is not."""
    family = GaugeMetricFamily(name, meaning, labels=["state"])
    for state in get_args(states):
        family.add_metric([state], counted.get(state, 0))
    return family
