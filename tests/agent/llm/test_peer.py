"""Our adapter at a model server that somebody else wrote: @copilotkit/aimock, run by Node.

`make peers` installs it; without it, or without Node, these are skipped.
"""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from agent.bootstrap import Company
from agent.llm.openai.model import OpenAiModel
from engine.model.people import Person
from evals.rigs.node_peers import PACKAGES, free_port
from support.agent import assistant_for

AIMOCK = PACKAGES / "@copilotkit" / "aimock" / "dist" / "cli.js"
WHY_NOT = "" if AIMOCK.exists() and shutil.which("node") else "no aimock or no Node: make peers"
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
FIXTURES: list[dict[str, Any]] = [
    {"match": {"toolCallId": "call_1"},
     "response": {"content": "There are {{c1.buys.count}} lines, at {{c1.buys.cost}}."}},
    {"match": {"userMessage": "cannot be shown"}, "response": {"content": "Order 500 then."}},
    {"match": {"userMessage": "overloaded"},
     "response": {"error": {"message": "slow down", "type": "rate_limit"}, "status": 429}},
    {"match": {"userMessage": "invent"}, "response": {"content": "Order 500 of it."}},
    {"match": {"userMessage": "What should I buy"},
     "response": {"toolCalls": [{"name": "rank_buys", "arguments": {"top": 3}, "id": "call_1"}]}},
]  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fixtures = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": FIXTURES}), encoding="utf-8")
    port = free_port()
    node = shutil.which("node")
    assert node is not None
    process = subprocess.Popen(
        [node, str(AIMOCK), "--port", str(port), "--fixtures", str(fixtures), "--strict",
         "--log-level", "silent"],
        cwd=Path(fixtures).parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/v1"
    try:
        _until_it_listens(address, process)
        yield address
    finally:
        process.kill()
        process.wait()


def _until_it_listens(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "aimock ended"
        try:
            urllib.request.urlopen(f"{address}/models", timeout=1).close()  # noqa: S310  our own
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("aimock did not listen")


def model_at(url: str, *, stream: bool) -> OpenAiModel:
    client = OpenAI(api_key="k", base_url=url, timeout=10, max_retries=0)
    return OpenAiModel(client=client, model="gpt-5-mini", stream=stream)


@pytest.mark.parametrize("stream", [True, False])
def test_a_tool_is_called_and_its_figures_are_shown(
    company: Company, bea: Person, thread: str, url: str, *, stream: bool
) -> None:
    assistant = assistant_for(company, model_at(url, stream=stream))
    answer = assistant.ask(thread, bea, "What should I buy?")
    assert answer.text == "There are 4 lines, at £3,844."
    assert answer.outcome == "clean"


@pytest.mark.parametrize("stream", [True, False])
def test_a_lie_of_another_server_is_no_figure_either(
    company: Company, bea: Person, thread: str, url: str, *, stream: bool
) -> None:
    answer = assistant_for(company, model_at(url, stream=stream)).ask(thread, bea, "invent it")
    assert answer.outcome == "template"
    assert "500" not in answer.text


@pytest.mark.parametrize("stream", [True, False])
def test_its_refusals_are_our_sentences(
    company: Company, bea: Person, thread: str, url: str, *, stream: bool
) -> None:
    answer = assistant_for(company, model_at(url, stream=stream)).ask(thread, bea, "overloaded?")
    assert "takes no more requests" in answer.text
    assert answer.outcome == "failed"
