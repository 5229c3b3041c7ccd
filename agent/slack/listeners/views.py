"""Forms that were filled in: a slip is said in the form, the rest is kept and worked."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from agent.slack.listeners.context import Listening


def register(app: AsyncApp, _listening: Listening) -> None:
    @app.view(re.compile(".*"))
    async def submitted(ack: AsyncAck, _view: dict[str, Any]) -> None:
        await ack()

    @app.view_closed(re.compile(".*"))
    async def closed(ack: AsyncAck) -> None:
        await ack()
