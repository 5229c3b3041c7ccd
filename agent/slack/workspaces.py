"""The client of each workspace: one bot token from the settings, or those that installed us."""

from typing import Protocol

from agent.slack.client import Client, client_of
from agent.surfaces import SlackSettings
from engine.errors import BadSettings


class Workspaces(Protocol):
    async def client(self, team: str) -> Client:
        """Raises Refused for a workspace that has not installed us."""
        ...


class OneWorkspace:
    """A single bot token; `team` is not asked, because the token is of one workspace."""

    def __init__(self, settings: SlackSettings) -> None:
        if settings.bot_token is None:
            raise BadSettings(
                "No Slack bot token. Create the app with `qm slack manifest`, install it, and set "
                "QM_SLACK_BOT_TOKEN to its xoxb-... token."
            )
        self._client = client_of(settings.bot_token.get_secret_value(), settings)

    async def client(self, team: str) -> Client:  # noqa: ARG002  the port asks for one
        return self._client
