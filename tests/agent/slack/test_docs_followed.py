"""docs/connect-slack.md, followed step by step by the real program against slacksim."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.slack.actions import CONFIRM_BUDGET
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Message
from support.imported import copied
from support.slack import BEA, BUYING, MAX, said

START = "from agent.cli import main; main()"
PEOPLE = """
currency: GBP
roles:
  buyer: {rights: [read, draft, override]}
  manager: {rights: [read, draft, approve, set_budget, administer], limits: [{up_to: 90000}]}
people:
  - {id: bea, name: Bea Marsh, roles: [buyer], slack: [{team_id: T1, user_id: U1}]}
  - {id: max, name: Max Okafor, roles: [manager], slack: [{team_id: T1, user_id: U2}]}
approval: {steps: [{name: approval}]}
"""


class Shell:
    """A terminal in which the settings of the page are set."""

    def __init__(self, home: Path, slack: Slack) -> None:
        (home / "people.yaml").write_text(PEOPLE)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}  # noqa: TID251  passed on
        self.environment = kept | {
            "QM_HOME": str(home), "QM_PEOPLE_FILE": str(home / "people.yaml"),
            "QM_SLACK_BOT_TOKEN": slack.bot_token, "QM_SLACK_APP_TOKEN": slack.app_token,
            "QM_SLACK_API_URL": slack.url, "QM_SLACK_APPROVALS_CHANNEL": BUYING,
            "QM_AUDIT_KEY": "a key for tests only", "QM_MODEL_PROVIDER": "offline",
        }  # fmt: skip

    async def start(self, *command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, *command, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, *command: str) -> tuple[int | None, str]:
        process = await self.start(*command)
        told, wrong = await process.communicate()
        return process.returncode, (told + wrong).decode()

    @asynccontextmanager
    async def staying(self, *command: str) -> AsyncGenerator[None, None]:
        process = await self.start(*command)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            await process.communicate()
            assert process.returncode == 0


@pytest.mark.slow
async def test_ten_minutes_from_the_manifest_to_an_approved_order(
    quick_home: Path, tmp_path: Path, slack: Slack
) -> None:
    shell = Shell(copied(quick_home, tmp_path / "home"), slack)
    code, told = await shell.run("slack", "manifest")
    assert (code, json.loads(told)["settings"]["socket_mode_enabled"]) == (0, True)
    code, told = await shell.run("plan")
    assert code == 0, told
    code, told = await shell.run("slack", "check")
    assert code == 0, told
    async with shell.staying("slack"):
        await slack.connected(60)
        asked = acts.say(slack, BEA, "D1", "What should I buy this week?")
        await slack.deliver("events_api", asked, seconds=30)
        await until(lambda: any("worth buying" in said(m) for m in slack.world.of_bot("D1")), 60)
        await slack.deliver("events_api", acts.say(slack, BEA, "D1", "Draft it."), seconds=30)
        card = (await until(lambda: slack.world.of_bot(BUYING), 60))[0]
        await slack.deliver(
            "interactive", acts.press(slack, MAX, card, "order.approve"), seconds=30
        )
        await until(lambda: "approved" in card.text, 60)
        asked = acts.say(slack, MAX, "D2", "Set the weekly budget to 40k")
        await slack.deliver("events_api", asked, seconds=30)

        def asked_about() -> list[Message]:
            return [m for m in slack.world.of_bot("D2") if CONFIRM_BUDGET in said(m)]

        cards = await until(asked_about, 60)
        press = acts.press(slack, MAX, cards[0], CONFIRM_BUDGET)
        await slack.deliver("interactive", press, seconds=30)
        await until(lambda: CONFIRM_BUDGET not in said(cards[0]), 60)
    async with shell.staying("worker"):
        outgoing = tmp_path / "home" / "outgoing"
        await until(lambda: outgoing.exists() and list(outgoing.iterdir()), 60)
