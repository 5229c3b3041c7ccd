"""A turn whose process is killed in the middle; children find it by this module."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from agent.assistant import open_assistant
from agent.llm.port import Question, Reply
from agent.turns import Assistant
from engine.service import conversation
from engine.store.database import open_database
from support.agent import offline, open_planned
from support.purchasing import person

Moment = Literal["while it is written", "after it was recorded"]
THREAD = "thread-1"


def draft_and_die(home: Path, moment: Moment) -> None:
    """Ask for drafts and be killed; never returns."""
    company = open_planned(open_database(f"sqlite:///{home}/qm.db"), home)
    bea = person(company.stores, "bea")
    conversation.open_thread(
        company.stores, THREAD, surface="test", person=bea, now=company.clock.now()
    )
    with open_assistant(company) as assistant:
        _dying(assistant, moment).ask(THREAD, bea, "Draft the purchase orders")


def _dying(assistant: Assistant, moment: Moment) -> Assistant:
    if moment == "after it was recorded":
        return replace(assistant, model=_DiesComposing(offline(assistant.company.stores)))
    draft = assistant.registry["draft_po"]

    def dies(arguments: Any, context: Any) -> Any:
        draft.run(arguments, context)
        _die()

    return replace(assistant, tools={**assistant.registry, "draft_po": replace(draft, run=dies)})


class _DiesComposing:
    """The offline model, until there is something to word."""

    name = "offline-1"
    heeds_the_person_only = True

    def __init__(self, model: Any) -> None:
        self._model = model

    def reply(self, question: Question) -> Reply:
        if question.steps:
            _die()
        return self._model.reply(question)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
