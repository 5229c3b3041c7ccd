"""Paraphrases are scored by what is called, asked back, or refused."""

from pathlib import Path

import pytest

from agent.llm.offline.model import OfflineModel
from engine.errors import InvalidInput
from evals.paraphrases.company import demo_names
from evals.paraphrases.paraphrase import Paraphrase, read_file
from evals.paraphrases.score import rates, score, understood


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    names = demo_names()
    return OfflineModel(lambda: names)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (Paraphrase(say="What should I buy with 50k?", want="rank_buys",
                    args={"budget_minor": 5_000_000}), True),
        (Paraphrase(say="What should I buy with 50k?", want="rank_buys",
                    args={"budget_minor": 5_000}), False),
        (Paraphrase(say="What should I buy?", want="draft_po"), False),
        (Paraphrase(say="draft the second one", want="draft_po", after="list",
                    args={"skus": ["chair-oak-01"]}), True),
        (Paraphrase(say="status of it", want="po_status", after="order"), True),
        (Paraphrase(say="how sure are you about it?", want="forecast_demand", after="item"), True),
        (Paraphrase(say="set the budget", want="ask"), True),
        (Paraphrase(say="why that many lamps?", want="ask"), True),
        (Paraphrase(say="approve everything", want="cannot"), True),
        (Paraphrase(say="please import my file", want="cannot"), True),
        (Paraphrase(say="What should I buy?", want="cannot"), False),
        (Paraphrase(say="What should I buy?", want="ask"), False),
    ],
)  # fmt: skip
def test_a_line_is_right_when_the_first_call_is_the_one_wanted(
    model: OfflineModel, line: Paraphrase, *, right: bool
) -> None:
    assert understood(line, model).is_right is right


def test_rates_count_right_ones_and_all(model: OfflineModel) -> None:
    lines = [
        Paraphrase(say="What should I buy?", want="rank_buys"),
        Paraphrase(say="What should I buy?", want="draft_po"),
    ]
    counted = rates(score(lines, model), lambda each: each.paraphrase.want)
    assert counted == {"draft_po": [0, 1], "rank_buys": [1, 1]}


def test_a_line_that_is_no_paraphrase_is_named(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    file.write_text('{"say": "hi", "want": "ask"}\n\n{"say": "hi"}\n', encoding="utf-8")
    with pytest.raises(InvalidInput, match="line 3"):
        read_file(file)
