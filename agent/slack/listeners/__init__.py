"""What Bolt calls: keep the event, acknowledge it, open a form. The work is done elsewhere."""

from slack_bolt.async_app import AsyncApp

from agent.slack.listeners import actions, commands, events, views
from agent.slack.listeners.context import Listening


def register(app: AsyncApp, listening: Listening) -> None:
    """Everything we listen to; the manifest names the same."""
    for area in (events, actions, commands, views):
        area.register(app, listening)
