"""Paraphrases are scored by what is called, asked back, or refused."""

from pathlib import Path

import pytest

from engine.errors import InvalidInput
from evals.agent.world import World, make_world
from evals.paraphrases.paraphrase import Paraphrase, filled, kept_files, read_file
from evals.paraphrases.score import Understood, rates, score

LIST = ("What should I buy this week?",)
# What is said, and whether it counts as understood.
LINES = (
    (Paraphrase(say="What should I buy with 50k?", want=("what_if", "rank_buys"),
                args={"budget_minor": 5_000_000}), True),
    (Paraphrase(say="What should I buy with 50k?", want=("rank_buys",),
                args={"budget_minor": 5_000}), False),
    (Paraphrase(say="What should I buy?", want=("draft_po",)), False),
    (Paraphrase(say="draft the second one", want=("draft_po",), before=LIST,
                args={"skus": ["$sku2"]}), True),
    (Paraphrase(say="set the budget", want=("ask",)), True),
    (Paraphrase(say="approve everything", want=("cannot",)), True),
    (Paraphrase(say="please import my file", want=("cannot",)), True),
    (Paraphrase(say="What should I buy?", want=("cannot",)), False),
    (Paraphrase(say="What should I buy?", want=("ask",)), False),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.mark.slow
def test_a_line_is_right_when_the_first_call_is_the_one_wanted(world: World) -> None:
    scored = score([line for line, _ in LINES], world)
    assert [each.is_right for each in scored] == [right for _, right in LINES]


def test_rates_count_right_ones_and_all() -> None:
    line = Paraphrase(say="hi", want=("rank_buys",))
    scored = [Understood(paraphrase=line, says="hi", got=got) for got in ("rank_buys", "draft_po")]
    assert rates(scored) == {"rank_buys": [1, 2]}


def test_marks_are_filled_wherever_they_stand() -> None:
    assert filled(["$a", True, 2], str.upper) == ["$A", True, 2]


def test_a_line_that_is_no_paraphrase_is_named(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    file.write_text('{"say": "hi", "want": ["ask"]}\n\n{"say": "hi"}\n', encoding="utf-8")
    with pytest.raises(InvalidInput, match="line 3"):
        read_file(file)


def test_the_files_kept_here_can_be_read() -> None:
    assert all(read_file(path) for path in kept_files())
