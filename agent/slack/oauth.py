"""The pages by which a workspace installs us: Bolt's flow on our stores, nothing on disk beside."""

import logging

from fastapi import APIRouter, Request
from fastapi.responses import Response
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse

from agent.bootstrap import Company
from agent.slack.client import client_of
from agent.slack.installing import STATE_SECONDS, Installations, InstallStates
from agent.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from agent.slack.sealing import sealer_of
from agent.slack.workspaces import secret_of
from agent.threads import Threads


def install_flow(company: Company, threads: Threads) -> AsyncOAuthFlow:
    """Raises BadSettings for a client id without its secret, or a seal key that is too short."""
    slack = company.settings.slack
    settings = AsyncOAuthSettings(
        client_id=slack.client_id,
        client_secret=secret_of(slack),
        scopes=SCOPES,
        redirect_uri=f"{slack.public_url.rstrip('/')}{REDIRECT_PATH}" if slack.public_url else None,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=Installations(company, sealer_of(company.settings), threads),
        installation_store_bot_only=True,
        state_store=InstallStates(company, threads),
        state_expiration_seconds=STATE_SECONDS,
    )
    return AsyncOAuthFlow(client=client_of(None, slack).web, logger=_silent(), settings=settings)


def router(flow: AsyncOAuthFlow) -> APIRouter:
    routes = APIRouter()

    @routes.get(INSTALL_PATH)
    async def install(request: Request) -> Response:
        return _told(await flow.handle_installation(to_async_bolt_request(request, b"")))

    @routes.get(REDIRECT_PATH)
    async def come_back(request: Request) -> Response:
        return _told(await flow.handle_callback(to_async_bolt_request(request, b"")))

    return routes


def _told(answer: BoltResponse) -> Response:
    """These pages carry a state in a cookie: nobody may keep or frame them."""
    response = to_starlette_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    return response


def _silent() -> logging.Logger:
    """Bolt writes the code of a failed installation into its log; ours names the workspace."""
    logger = logging.getLogger("slack_bolt.install")
    logger.disabled = True
    return logger
