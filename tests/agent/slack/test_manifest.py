"""The manifest names what the code listens to and what its calls need, and nothing else."""

import json
import re
from pathlib import Path

import agent.slack
from agent.slack.listeners.commands import COMMAND, SHORTCUT
from agent.slack.manifest import EVENTS, EVENTS_PATH, SCOPES, manifest
from evals.rigs.slacksim.methods import METHODS

ROOM = Path(agent.slack.__file__).parent
SOURCE = "\n".join(path.read_text() for path in ROOM.rglob("*.py"))


def test_the_file_in_the_repository_is_the_manifest() -> None:
    stored = Path(agent.slack.__file__).parents[2] / "manifest.json"
    assert json.loads(stored.read_text()) == manifest()


def test_every_event_listened_to_is_subscribed() -> None:
    listened = set(re.findall(r'app\.event\("([a-z_]+)"\)', SOURCE))
    subscribed = {name.partition(".")[0] for name in EVENTS}
    assert listened <= subscribed


def test_every_method_that_is_called_has_its_scope() -> None:
    called = set(
        re.findall(r'"((?:chat|views|conversations|users|files|assistant)\.[\w.]+)"', SOURCE)
    )
    assert "chat.postMessage" in called
    for method in called:
        scope = METHODS[method][1]
        assert scope is None or scope in SCOPES, method


def test_over_http_every_address_is_ours() -> None:
    made = manifest(url="https://qm.example")
    address = f"https://qm.example{EVENTS_PATH}"
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["features"]["slash_commands"][0]["url"] == address
    assert made["settings"]["socket_mode_enabled"] is False


def test_commands_and_shortcuts_are_those_listened_to() -> None:
    features = manifest()["features"]
    assert [each["command"] for each in features["slash_commands"]] == [COMMAND]
    assert [each["callback_id"] for each in features["shortcuts"]] == [SHORTCUT]
    assert "agent_view" in features
