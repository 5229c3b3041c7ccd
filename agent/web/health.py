"""/healthz: the process is alive. /readyz: it can serve, and what limits it."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agent.bootstrap import Company
from agent.health.check import Check, ask, worst
from agent.health.connections import database_check, snapshots_check
from agent.health.work import (
    jobs_check,
    leader_check,
    outbox_check,
    plan_check,
    posts_check,
    recurring_check,
)
from agent.surfaces import SLACK
from agent.threads import Threads

STATUS = {"ok": "ready", "warn": "degraded", "fail": "not ready"}


def router(company: Company, threads: Threads) -> APIRouter:
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        checks = await threads.run(readiness, company)
        verdict = worst(checks)
        return JSONResponse(
            {"status": STATUS[verdict], "checks": [asdict(check) for check in checks]},
            status_code=503 if verdict == "fail" else 200,
        )

    return routes


def readiness(company: Company) -> list[Check]:
    """What serving needs; the rest is for `qm doctor`."""
    stores, now = company.stores, company.clock.now()
    database = ask("connections", "database", lambda: database_check(stores.database))
    snapshots = ask("connections", "snapshots", lambda: snapshots_check(stores.blobs))
    if database.verdict != "ok":
        return [database, snapshots]  # the others would only repeat it
    stale = company.settings.worker.stale_plan_hours
    return [
        database,
        snapshots,
        ask("data", "plan", lambda: plan_check(stores, now, stale)),
        ask("work", "worker", lambda: leader_check(stores.database, now)),
        ask("work", "outbox", lambda: outbox_check(stores.database)),
        ask("work", "jobs", lambda: jobs_check(stores.database)),
        ask("work", "recurring work", lambda: recurring_check(stores.database)),
        ask("work", "posts", lambda: posts_check(stores.database, SLACK)),
    ]
