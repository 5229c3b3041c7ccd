"""Health, readiness, metrics and the edge, asked over HTTP as anyone would."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from agent.bootstrap import Company
from agent.sections import Settings
from agent.surfaces import SLACK
from agent.web.app import create_app
from agent.worker.loop import Worker
from engine.errors import Stale, UnknownName
from engine.service import posts
from engine.service.posts import Place
from engine.store.database import Database, open_database
from support.running import company_at
from support.work import ask, post


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    return company_at(database, tmp_path)


@pytest.fixture
def app(company: Company) -> FastAPI:
    return create_app(company)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://qm") as client:
        yield client


async def test_a_living_process_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_readiness_names_what_limits_the_service(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    verdicts = {check["name"]: check["verdict"] for check in answer.json()["checks"]}
    assert verdicts == {
        "database": "ok", "snapshots": "ok", "plan": "warn", "worker": "warn", "outbox": "ok",
        "jobs": "ok", "recurring work": "ok", "posts": "ok",
    }  # fmt: skip
    worker = next(check for check in answer.json()["checks"] if check["name"] == "worker")
    assert worker["next_step"] == "qm worker"


async def test_readiness_names_messages_that_do_not_stand_there(
    company: Company, client: httpx.AsyncClient
) -> None:
    database, now = company.stores.database, company.clock.now()
    with database.write() as work:
        posts.want(work, key="card:1:C1", surface=SLACK, place=Place(team="T1", channel="C1"),
                   kind="card", ref={"request": 1}, now=now)  # fmt: skip
    post_in_hand = posts.claim(database, owner="o", surface=SLACK, now=now, seconds=60)
    assert post_in_hand is not None
    posts.refused(database, post_in_hand, error="msg_too_long")
    checks = (await client.get("/readyz")).json()["checks"]
    (check,) = [each for each in checks if each["name"] == "posts"]
    assert (check["verdict"], check["next_step"]) == ("warn", "qm slack check")
    assert "card:1:C1: msg_too_long" in check["finding"]


async def test_readiness_sees_the_worker(company: Company, client: httpx.AsyncClient) -> None:
    Worker(company, kinds={}, routes={}, owner="one").round()
    checks = (await client.get("/readyz")).json()["checks"]
    assert "one leads" in [check["finding"] for check in checks]


async def test_an_older_schema_is_not_ready(company: Company, client: httpx.AsyncClient) -> None:
    with company.stores.database.write() as work:
        work.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][0]["next_step"] == "qm db upgrade"


async def test_a_database_that_is_gone_is_not_ready_but_alive(tmp_path: Path) -> None:
    gone = company_at(open_database("postgresql://127.0.0.1:1/qm"), tmp_path)
    transport = httpx.ASGITransport(create_app(gone))
    async with httpx.AsyncClient(transport=transport, base_url="http://qm") as client:
        ready, alive, metrics = await asyncio.gather(
            client.get("/readyz"), client.get("/healthz"), client.get("/metrics")
        )
    assert (ready.status_code, alive.status_code, metrics.status_code) == (503, 200, 200)
    assert "refused" in ready.json()["checks"][0]["finding"]
    assert "qm_store_up 0.0" in metrics.text


async def test_a_snapshot_folder_that_cannot_be_written_is_not_ready(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "snapshots").write_text("a file where a folder is expected")
    transport = httpx.ASGITransport(create_app(company_at(database, tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://qm") as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert "data.snapshots" in answer.json()["checks"][1]["finding"]


async def test_metrics_count_what_waits(company: Company, client: httpx.AsyncClient) -> None:
    post(company.stores.database, "po-7")
    ask(company.stores.database, "a")
    await client.get("/healthz")
    text = (await client.get("/metrics")).text
    assert 'qm_outbox_messages{state="pending"} 1.0' in text
    for state in ("sending", "delivered", "unconfirmed", "dead"):
        assert f'qm_outbox_messages{{state="{state}"}} 0.0' in text
    assert 'qm_jobs{state="queued"} 1.0' in text
    assert 'qm_jobs{state="dead"} 0.0' in text
    assert "qm_worker_leads 0.0" in text
    assert "qm_store_up 1.0" in text
    assert 'qm_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1.0' in text


async def test_made_up_paths_do_not_grow_the_metrics(client: httpx.AsyncClient) -> None:
    for number in range(3):
        assert (await client.get(f"/made/up/{number}")).status_code == 404
    text = (await client.get("/metrics")).text
    assert 'route="unknown",status="404"} 3.0' in text
    assert "made" not in text


async def test_a_bug_answers_a_reference_and_keeps_the_traceback(
    app: FastAPI, client: httpx.AsyncClient, company: Company
) -> None:
    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("a bug")

    answer = await client.get("/crash")
    assert answer.status_code == 500
    reference = answer.json()["reference"]
    assert answer.headers["x-request-id"] == reference
    (report,) = company.settings.crash_folder.iterdir()
    assert reference in report.name
    assert "RuntimeError: a bug" in report.read_text()
    assert "a bug" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"), [(UnknownName("SKU", "LAMP"), 422), (Stale("it changed"), 409)]
)
async def test_what_a_user_can_fix_is_answered_in_words(
    app: FastAPI, client: httpx.AsyncClient, error: Exception, status: int
) -> None:
    @app.get("/fails")
    async def fails() -> None:
        raise error

    answer = await client.get("/fails")
    assert (answer.status_code, answer.json()) == (status, {"error": str(error)})


def test_the_default_address_is_this_machine_only() -> None:
    assert Settings().web.host == "127.0.0.1"
