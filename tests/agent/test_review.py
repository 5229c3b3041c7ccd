"""The review of a month: made, kept, shown, written on paper, posted with its thread."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from agent.html.review import review_html
from agent.views.kpi_chart import panels_png, review_panels
from agent.views.playbook import changed_lines
from agent.views.report import report_of
from agent.views.review_pdf import review_pdf
from engine.errors import InvalidInput
from engine.measure.said import SAID, nothing_said
from engine.model.review import Review
from engine.service.review import StoredReview, last_review, make_review
from engine.service.review_parts import judged
from engine.service.stores import Stores
from engine.simulate.company.team import PEOPLE_FILE
from support.imported import NOW, QUICK, copied, opened
from support.shell import qm, use_home


@pytest.fixture(scope="module")
def home(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(quick_home, tmp_path_factory.mktemp("review") / "home")


@pytest.fixture(scope="module")
def stores(home: Path) -> Iterator[Stores]:
    yield from opened(home)


@pytest.fixture(scope="module")
def october(stores: Stores) -> StoredReview:
    return make_review(
        stores, QUICK, month="2026-10", playbook="- a\n- b", changes=["+- b"], now=NOW
    )


def test_a_review_tells_everything_that_is_looked_at_together(october: StoredReview) -> None:
    names = [section.name for section in october.review.sections]

    assert names == [
        "figures", "drift", "value added", "overrides", "learnt", "suppliers", "replay",
        "data health", "open decisions", "actions", "playbook",
    ]  # fmt: skip
    figures = {row[0].value: row[1].value for row in october.review.of("figures").rows}
    assert 0.8 < float(figures["fill rate"] or 0) < 1
    assert figures["revenue saved"] == 0
    assert (october.review.first, october.review.last) == ("2026-10-01", "2026-10-31")
    assert len(october.review.of("suppliers").rows) == 10
    # Nothing is claimed of what nobody did: the section says what to do instead.
    assert october.review.of("replay").rows == ()
    assert "qm replay" in october.review.of("replay").empty


def test_the_same_review_again_is_the_one_that_was_kept(
    stores: Stores, october: StoredReview
) -> None:
    again = make_review(
        stores, QUICK, month="2026-10", playbook="- a\n- b", changes=["+- b"], now=NOW
    )

    assert again.id == october.id
    assert last_review(stores, before="2026-10") is None
    kept = last_review(stores, month="2026-10")
    assert kept is not None
    assert kept.review == october.review
    assert Review.from_json(json.loads(json.dumps(october.review.to_json()))) == october.review


@pytest.mark.parametrize("month", ["October", "2027-01", "2026-13"])
def test_a_month_that_cannot_be_reviewed_is_refused(stores: Stores, month: str) -> None:
    with pytest.raises(InvalidInput, match=month[:4]):
        make_review(stores, QUICK, month=month, now=NOW)


def test_the_report_is_paper_and_a_page_with_pictures(october: StoredReview) -> None:
    report = report_of(october.review, "en_GB")
    picture = panels_png(review_panels(october.review))

    paper = review_pdf(report, picture)
    page = review_html(report, picture, "weeks")

    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") >= 2
    assert review_pdf(report, picture) == paper  # byte for byte
    assert "Review of October 2026" in page
    assert 'src="data:image/png;base64,' in page
    assert re.findall(r"<script|https?://", page) == []
    assert page.count("<h2>") == len(october.review.sections)


def test_names_from_data_are_no_markup_on_the_page(october: StoredReview) -> None:
    report = report_of(october.review, "en_GB")
    evil = report.__class__(**{**vars(report), "company": "<script>alert(1)</script>"})

    page = review_html(evil, b"", "")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def said(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """(final, plain, actual) of successive weeks of one item."""
    full = [
        ("LAMP", "LEEDS", f"2026-10-{5 + 7 * n:02d}", "2026-10-01", final, plain, 0.0, actual)
        for n, (final, plain, actual) in enumerate(rows)
    ]
    return pd.DataFrame(full, columns=list(SAID)).astype(nothing_said().dtypes.to_dict())


@pytest.mark.parametrize(
    ("weeks", "verdict", "nearer"),
    [
        ([(12, 8, 13), (12, 8, 12)], "helped", 8),  # off by 5 + 4 without, by 1 + 0 with it
        ([(12, 8, 7)], "hurt", -4),
        ([(12, 8, 10)], "made no difference", 0),
    ],
)
def test_an_override_is_judged_by_the_errors_with_and_without_it(
    weeks: list[tuple[float, float, float]], verdict: str, nearer: float
) -> None:
    row = judged(said(*weeks), "LAMP", "LEEDS", "bea", "promo", pd.Timestamp("2026-10-01"))

    assert row is not None
    assert (row[4].value, row[5].value, row[6].value) == (verdict, nearer, len(weeks))
    assert judged(said(*weeks), "MUG", None, "bea", "", pd.Timestamp("2026-10-01")) is None


def test_a_playbook_tells_its_new_and_its_gone_lines() -> None:
    before = "# Playbook\n\n- up to 40,000\n- digest on Monday\n"
    after = "# Play\n\n- up to 50,000\n- digest on Monday\n"

    assert sorted(changed_lines(before, after)) == ["+- up to 50,000", "-- up to 40,000"]


def test_the_commands_make_it_and_carry_its_actions(
    home: Path, october: StoredReview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del october  # the first review of the month; this one finds it kept
    use_home(home, monkeypatch)
    (home / "people.yaml").write_text(PEOPLE_FILE)
    paper, page, book = (tmp_path / name for name in ("r.pdf", "r.html", "playbook.md"))

    added = qm("review", "actions", "add", "Count the mugs", "--owner", "buyer",
               "--due", "2026-12-01", "--as", "manager")  # fmt: skip
    listed = json.loads(qm("review", "actions", "list", "--json").output)
    told = qm("review", "--month", "2026-10", "--as", "manager", "--pdf", str(paper),
              "--html", str(page))  # fmt: skip
    ended = qm("review", "actions", "done", str(listed[0]["id"]), "--outcome", "two missing",
               "--as", "manager")  # fmt: skip
    written = qm("playbook", str(book))

    assert "Supplier scorecards" in told.output
    assert paper.read_bytes().startswith(b"%PDF")
    assert "Count the mugs" in added.output
    assert "Count the mugs" in told.output  # carried into the review that is made next
    assert page.read_text().startswith("<!doctype html>")
    assert "done; two missing" in ended.output
    assert "## Who may do what" in book.read_text()
    assert "is written" in written.output
