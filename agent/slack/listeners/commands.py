"""`/qm` and the message shortcut: questions like any other, acknowledged at once."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from agent.slack.listeners.context import Listening

COMMAND = "/qm"
SHORTCUT = "ask_quartermaster"


def register(app: AsyncApp, _listening: Listening) -> None:
    app.command(COMMAND)(_acknowledge)
    app.shortcut(SHORTCUT)(_acknowledge)


async def _acknowledge(ack: AsyncAck) -> None:
    """It is in the inbox already; the answer comes as a direct message."""
    await ack()
