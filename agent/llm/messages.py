"""A question as chat messages: what a served model is told, and nothing it need not know."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import prompts
from agent.grounding.formats import shown
from agent.grounding.tongues import language
from agent.llm.port import Question, Step
from tools.facts import Fact
from tools.result import FactTable

Message = dict[str, Any]
MOST_FACTS = 160  # of one result; a table's further rows are shown to the person, not the model
EVERYTHING = ("figures", "names")
WORDS = ("status", "sentence")  # of the engine's own: always told
WITHHELD = "(not told to you; refer to it by its id)"
LOCALE = "en_GB"  # what a model reads; the person's own locale is the renderer's


def messages(
    question: Question, languages: Sequence[str] = ("en",), sends: Collection[str] = EVERYTHING
) -> list[Message]:
    """System prompt, the thread's memory, the person's message, calls and results, refusal.

    Of what tools returned, `sends` says whether `figures` and `names` are told; without them a
    model sees what there is and refers to it, which is all that an answer is made of.
    """
    system = prompts.load("system").filled(
        currency=question.currency,
        today=question.today.isoformat(),
        language=_spoken(languages),
    )
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": _asked(question)},
        *_steps(question.steps, sends),
        *_refusal(question),
    ]


def _spoken(codes: Sequence[str]) -> str:
    """`English`, or the choice there is."""
    names = [language(code).name for code in codes]
    if len(names) == 1:
        return names[0]
    return f"sentences in the person's own language ({', '.join(names)}; else {names[0]})"


def _asked(question: Question) -> str:
    """The message as data, with the figures in it and what the conversation spoke of."""
    memory = question.memory
    known = {
        "spoken_of_items": memory.items[:5],
        "last_list": memory.listed[:10],
        "orders": memory.orders[:5],
        "location": memory.location,
        "narrow_answers_to_unless_told_otherwise": dict(question.preferences),
        "last_calls": [{"tool": call.tool, **call.arguments} for call in memory.calls],
        "your_open_question_was_about": memory.pending.slot if memory.pending else None,
    }
    told = {
        "message": question.text,
        "figures_in_it": [{"id": fact.id, "value": fact.value} for fact in question.user_facts],
        "earlier_in_this_conversation": {k: v for k, v in known.items() if v},
    }
    return json.dumps(told, ensure_ascii=False)


def _steps(steps: tuple[Step, ...], sends: Collection[str]) -> Iterator[Message]:
    for number, step in enumerate(steps, start=1):
        call_id = f"call_{number}"
        yield {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": call_id,
                    "type": "function",
                    "function": {
                        "name": step.call.tool,
                        "arguments": json.dumps(step.call.arguments, ensure_ascii=False),
                    },
                }
            ],
        }
        yield {"role": "tool", "tool_call_id": call_id, "content": _result(step, sends)}


def _result(step: Step, sends: Collection[str]) -> str:
    if step.result is None:
        error = {"error": step.error, "facts": [_fact(each, sends) for each in step.error_facts]}
        return json.dumps(error, ensure_ascii=False)
    facts = step.result.facts
    told = {
        "outcome": step.result.outcome,
        "facts": [_fact(fact, sends) for fact in facts[:MOST_FACTS]],
        "facts_left_out": max(0, len(facts) - MOST_FACTS),
        "tables_shown_to_the_person": [_table(table) for table in step.result.tables],
        "people_can_press": [action.label for action in step.result.actions],
    }
    return json.dumps(told, ensure_ascii=False)


def _fact(fact: Fact, sends: Collection[str]) -> dict[str, object]:
    is_told = fact.kind in WORDS or ("names" if fact.kind == "name" else "figures") in sends
    shows = shown(fact, LOCALE) if is_told else WITHHELD
    told: dict[str, object] = {
        "id": fact.id, "shows": shows, "label": fact.label, "kind": fact.kind,
    }  # fmt: skip
    if fact.about:
        told["about"] = fact.about
    return told


def _table(table: FactTable) -> dict[str, object]:
    return {"title": table.title, "columns": table.columns, "rows": len(table.rows)}


def _refusal(question: Question) -> Iterator[Message]:
    refused = question.refused
    if refused is None:
        return
    complaints = "\n".join(f"- {violation.sentence()}" for violation in refused.violations)
    yield {"role": "assistant", "content": refused.draft or "(nothing)"}
    yield {"role": "user", "content": prompts.load("repair").filled(complaints=complaints)}
