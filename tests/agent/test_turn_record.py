"""A turn is told again from its record alone, without secrets."""

import json

from prometheus_client.core import Metric

from agent.bootstrap import Company
from agent.llm.port import Call, Reply
from agent.redaction import Redaction
from agent.turn_record import lines_of, record_of
from agent.web.turn_metrics import turn_metrics
from engine.model.people import Person
from engine.service.tallies import newest_turns
from support.agent import ScriptedModel, assistant_for

SECRET = "sk-very-secret"


def test_a_turn_is_replayed_with_calls_facts_and_answer(
    company: Company, bea: Person, thread: str
) -> None:
    said = f"Why 144 of LAMP-OAK-01? My key is {SECRET}"
    answer = assistant_for(company).ask(thread, bea, said)
    told = "\n".join(lines_of(company.stores, answer.turn_id, Redaction(secrets=(SECRET,))))
    for part in (
        f"Turn {answer.turn_id} of bea", "model offline-1", "plan run-1",
        "> Why 144 of LAMP-OAK-01", "c1.order.units: 144", "(run run-1, data ",
        '1. explain_order {"instead_units": 144, "sku": "LAMP-OAK-01"}: done',
        answer.text.splitlines()[0], "clean",
    ):  # fmt: skip
        assert part in told, part
    assert SECRET not in told
    assert "[hidden]" in told


def test_the_record_as_json_has_every_fact(company: Company, bea: Person, thread: str) -> None:
    answer = assistant_for(company).ask(thread, bea, f"What should I buy? {SECRET}")
    record = record_of(company.stores, answer.turn_id, Redaction(secrets=(SECRET,)))
    assert SECRET not in json.dumps(record)
    assert record["outcome"] == "clean"
    assert record["calls"][0]["milliseconds"] >= 0
    shown = {s.fact_id for line in answer.paragraphs for s in line if s.fact_id}
    assert shown <= {fact["id"] for fact in record["facts"]}


def test_a_refused_draft_is_in_the_record_and_in_the_metrics(
    company: Company, bea: Person, thread: str
) -> None:
    lies = ScriptedModel(
        [Reply(calls=(Call(tool="show_budget"),)), Reply(draft="You may spend 99 pounds.")]
    )
    answer = assistant_for(company, lies).ask(thread, bea, "What is left of the budget?")
    assert "refused: figure" in "\n".join(lines_of(company.stores, answer.turn_id, Redaction()))
    metrics = {m.name: m for m in turn_metrics(company.stores.database, company.clock.now())}
    assert _value(metrics["qm_turns"], outcome="template") == 1
    assert _value(metrics["qm_tool_calls"], tool="show_budget", state="done") == 1
    assert _value(metrics["qm_grounding_refusals"], rule="figure") >= 1
    assert _value(metrics["qm_tool_seconds_p95"], tool="show_budget") >= 0


def _value(metric: Metric, **labels: str) -> float:
    (found,) = (sample.value for sample in metric.samples if sample.labels == labels)
    return found


def test_turns_are_listed_the_newest_first(company: Company, bea: Person, thread: str) -> None:
    for text in ("hello", "help"):
        assistant_for(company).ask(thread, bea, text)
    database = company.stores.database
    assert {line.text for line in newest_turns(database, person="bea", thread=None, top=5)} == {
        "hello", "help",
    }  # fmt: skip
    assert newest_turns(database, person="max", thread=None, top=5) == ()
    assert len(newest_turns(database, person=None, thread=thread, top=1)) == 1
