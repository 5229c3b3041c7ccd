"""The measured process of `qm bench turns`: asks questions of the whole agent, prints figures."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from agent.assistant import open_assistant
from agent.bootstrap import open_company
from agent.turns import Assistant
from engine.model.people import Person
from engine.service import conversation, reading

THREAD = "bench"
GROWTH_TURNS = 100  # on one thread, for the checkpoint store
MEGABYTE = 1_000_000


def main(settings: Path, repeats: int, seed: int) -> None:
    with open_company(settings) as company, open_assistant(company) as assistant:
        assistant.warm()
        person = Person(id="bench", name="Bench", rights=frozenset(), source="system")
        conversation.open_thread(
            company.stores, THREAD, surface="bench", person=person, now=company.clock.now()
        )
        assistant.ask(THREAD, person, "help")
        idle = psutil.Process().memory_info().rss / MEGABYTE
        asked = _questions(assistant, repeats, seed)
        seconds = [_timed(assistant, person, text) for text in asked]
        file = company.settings.home_folder / "checkpoints.db"
        before = file.stat().st_size
        for number in range(GROWTH_TURNS):
            assistant.ask(THREAD, person, asked[number % len(asked)])
        grown = (file.stat().st_size - before) / MEGABYTE
    counted = np.asarray(seconds[len(_templates()) :]) * 1_000  # each kind once warms what is kept
    figures = {f"p{at}": round(float(np.percentile(counted, at)), 1) for at in (50, 95, 99)}
    told = {
        "turns": len(counted), **figures, "max": round(float(counted.max()), 1),
        "idle_mb": round(idle, 1), "checkpoints_grew_mb": round(grown, 2),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


def _templates() -> tuple[str, ...]:
    return (
        "What should I buy this week?", "Why {sku}?", "How sure are you about {sku}?",
        "What drives {sku}?", "What needs me?", "what should we buy from {supplier}?",
        "how many {sku} have we got?", "what did the budget cut?", "where does that come from?",
        "which orders are open?",
    )  # fmt: skip


def _questions(assistant: Assistant, repeats: int, seed: int) -> Sequence[str]:
    """Another item and supplier each time."""
    stores = assistant.company.stores
    lines = reading.plan_lines(stores, reading.latest_run(stores).id)
    some = lines.sample(n=repeats + 1, replace=True, random_state=seed)
    return [
        template.format(sku=row["sku"], supplier=row["supplier"])
        for row in some.to_dict("records")
        for template in _templates()
    ]


def _timed(assistant: Assistant, person: Person, text: str) -> float:
    began = time.perf_counter()
    answer = assistant.ask(THREAD, person, text)
    took = time.perf_counter() - began
    assert answer.outcome == "clean", (text, answer.text)  # noqa: S101  a failed turn is no figure
    return took


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
