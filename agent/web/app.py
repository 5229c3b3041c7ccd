"""The FastAPI application: one factory, routers added by area."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from agent.bootstrap import Company
from agent.threads import Threads
from agent.web import health, metrics, promises
from agent.web.edge import Edge
from agent.web.metrics import HttpMetrics
from agent.web.problems import PREFIX, answer_invalid, answer_no_route, answer_problem
from engine.errors import ComputeFailed, InvalidInput, NotAllowed, PlanningError, Stale, StoreError

STATUS: tuple[tuple[type[PlanningError], int], ...] = (
    (InvalidInput, 422),
    (NotAllowed, 403),
    (Stale, 409),
    (StoreError, 503),
    (ComputeFailed, 503),
)


def create_app(company: Company) -> FastAPI:
    """Build the application around an open company; nothing is connected before it starts."""
    threads = Threads(company.settings.worker.threads)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        async with _surfaces(app, company, threads):
            yield
        threads.close()

    app = FastAPI(
        title="Quartermaster",
        version=version("quartermaster"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    measured = HttpMetrics()
    app.include_router(health.router(company, threads))
    app.include_router(metrics.router(company, threads, measured))
    app.include_router(promises.router(company, threads))
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_no_route)
    app.add_exception_handler(PlanningError, _answer_planning_error)
    app.add_middleware(Edge, company=company, measured=measured)
    return app


@asynccontextmanager
async def _surfaces(app: FastAPI, company: Company, threads: Threads) -> AsyncGenerator[None, None]:
    """Slack over HTTP, and the pages that install it, where the settings say so."""
    slack = company.settings.slack
    if slack.is_installable:
        from agent.slack import oauth

        app.include_router(oauth.router(oauth.install_flow(company, threads)))
    if slack.transport != "http" or not slack.is_connected:
        yield
        return
    from agent.slack import web
    from agent.slack.run import living

    async with living(company, threads) as bolt:
        app.include_router(web.router(bolt))
        yield


async def _answer_planning_error(request: Request, error: Exception) -> JSONResponse:
    if request.url.path.startswith(PREFIX) and isinstance(error, PlanningError):
        return answer_problem(error)
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 400)
    return JSONResponse({"error": str(error)}, status_code=status)
