"""Wires Bolt: verified requests in, our listeners, our tokens, no retry of its own."""

from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from agent.slack.client import client_of
from agent.slack.listeners import register
from agent.slack.listeners.context import Listening
from agent.surfaces import SlackSettings
from engine.errors import BadSettings

STRANGERS = "Quartermaster does not serve this workspace. Ask whoever runs it to install it here."


def build_app(listening: Listening) -> AsyncApp:
    """The Bolt app of the workspaces whose tokens we have; others' requests are refused."""
    settings = listening.company.settings.slack
    is_http = settings.transport == "http"

    async def authorize(team_id: str | None) -> AuthorizeResult | None:
        return await listening.workspaces.authorized(team_id or "")

    app = AsyncApp(
        client=client_of(None, settings).web,
        authorize=authorize,
        signing_secret=_signing_secret(settings) if is_http else None,
        user_facing_authorize_error_message=STRANGERS,
        # A request over Socket Mode comes through our own authenticated connection.
        request_verification_enabled=is_http,
    )
    app.middleware(listening.keep)
    register(app, listening)
    return app


def socket_handler(app: AsyncApp, settings: SlackSettings) -> AsyncSocketModeHandler:
    token = _required(settings.app_token, "app token", "QM_SLACK_APP_TOKEN")
    return AsyncSocketModeHandler(app, token)


def _signing_secret(settings: SlackSettings) -> str:
    return _required(settings.signing_secret, "signing secret", "QM_SLACK_SIGNING_SECRET")


def _required(secret: SecretStr | None, what: str, variable: str) -> str:
    if secret is None:
        raise BadSettings(
            f"No Slack {what}. `qm slack manifest` and docs/connect-slack.md say where to find "
            f"it; then set {variable}."
        )
    return secret.get_secret_value()
