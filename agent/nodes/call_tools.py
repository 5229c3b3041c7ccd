"""Make the calls a model asked for: each recorded before it begins, reads side by side."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from agent.clock import monotonic_seconds
from agent.nodes.attempt import Attempt, attempted, out_of_time, provenance
from agent.nodes.together import run_together
from agent.records import prefix_of, result_to_json, stored_fact
from agent.state import AskedCall, TurnContext, TurnState, TurnUpdate
from agent.statements.catalogue import ERROR
from engine.service import conversation
from engine.service.conversation import StoredFact
from tools.facts import Fact
from tools.result import ToolResult, with_prefix
from tools.tool import Tool

MOST_CALLS = 8  # in one turn
log = logging.getLogger("qm.turn")


@dataclass(frozen=True, kw_only=True)
class _Numbered:
    """A call with its place in the turn."""

    ordinal: int
    asked: AskedCall
    tool: Tool[Any] | None

    @property
    def is_read(self) -> bool:
        return self.tool is None or self.tool.mode == "read"


def call_tools(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    """Reads that stand together run side by side; a write waits for those before it, alone."""
    context, made = runtime.context, state.get("made", 0)
    asked = state.get("calls", [])[: MOST_CALLS - made]
    numbered = [
        _Numbered(ordinal=made + n, asked=each, tool=context.registry.get(each["tool"]))
        for n, each in enumerate(asked, start=1)
    ]
    for batch in _batches(numbered):
        context.stop.require_going()
        for each in batch:
            runtime.stream_writer({"stage": each.asked["tool"].replace("_", " ")})
        _make(batch, state, context)
    return {"made": made + len(asked), "calls": []}


def _batches(calls: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    reads: list[_Numbered] = []
    for call in calls:
        if call.is_read:
            reads.append(call)
            continue
        if reads:
            yield reads
        reads = []
        yield [call]
    if reads:
        yield reads


def _make(batch: Sequence[_Numbered], state: TurnState, context: TurnContext) -> None:
    """Each once: what an interrupted turn has recorded is not done again."""
    fresh = [call for call in batch if _begun(call, state["turn_id"], context)]
    if not fresh:
        return
    source = provenance(state, context)
    jobs = [_timed(partial(attempted, c.asked, c.tool, source, context)) for c in fresh]
    if fresh[0].is_read:
        seconds = context.tool_seconds
        done = run_together(jobs, seconds=seconds, stop=context.stop)
        ends = [
            d or (out_of_time(c.asked["tool"], seconds), seconds)
            for c, d in zip(fresh, done, strict=True)
        ]
    else:
        ends = [job() for job in jobs]  # never given up: it may have taken effect
    for call, (attempt, spent) in zip(fresh, ends, strict=True):
        _end(call, attempt, spent, state["turn_id"], context)


def _timed(job: Callable[[], Attempt]) -> Callable[[], tuple[Attempt, float]]:
    def timed() -> tuple[Attempt, float]:
        began = monotonic_seconds()
        return job(), monotonic_seconds() - began

    return timed


def _begun(call: _Numbered, turn_id: str, context: TurnContext) -> bool:
    """Record that the call begins; False where it must not be made (again)."""
    is_new = conversation.start_call(
        context.tools.stores, turn_id, call.ordinal, tool=call.asked["tool"],
        mode=call.tool.mode if call.tool else "read", arguments=call.asked["arguments"],
        now=context.clock.now(),
    )  # fmt: skip
    return is_new or _may_repeat(turn_id, call.ordinal, context)


def _end(
    call: _Numbered, attempt: Attempt, spent: float, turn_id: str, context: TurnContext
) -> None:
    result = (
        None if attempt.result is None else with_prefix(attempt.result, prefix_of(call.ordinal))
    )
    told: dict[str, object] = {
        "tool": call.asked["tool"], "ordinal": call.ordinal, "milliseconds": round(1_000 * spent),
        "outcome": "failed" if result is None else result.outcome,
    }  # fmt: skip
    log.info("tool called", extra=told)
    conversation.end_call(
        context.tools.stores, turn_id, call.ordinal,
        result=None if result is None else result_to_json(result),
        error=attempt.detail,
        found=_found(result, attempt.shown, call.ordinal),
        now=context.clock.now(),
    )  # fmt: skip


def _may_repeat(turn_id: str, ordinal: int, context: TurnContext) -> bool:
    """After an interruption: a read that did not end may run again, a write may have happened."""
    earlier = conversation.calls_of(context.tools.stores, turn_id)[ordinal - 1]
    if earlier.state != "started":
        return False
    if earlier.mode == "read":
        return True
    error = (
        f"{earlier.tool} was begun before an interruption, and whether it took effect is not "
        "known. Look at the orders and budgets before asking again."
    )
    conversation.end_call(
        context.tools.stores, turn_id, ordinal, result=None, error=error,
        found=_found(None, error, ordinal), now=context.clock.now(),
    )  # fmt: skip
    return False


def _found(result: ToolResult | None, error: str | None, ordinal: int) -> list[StoredFact]:
    if result is not None:
        return [stored_fact(fact, ordinal) for fact in result.facts]
    sentence = Fact(
        id=f"{prefix_of(ordinal)}{ERROR}",
        value=(error or "")[:500],
        kind="sentence",
        label="why it was not done",
    )
    return [stored_fact(sentence, ordinal)]
