"""The review by itself: made on its day, posted once, continued in its thread, valid for Slack."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.occasions import ReviewSettings
from agent.slack.blockkit.check import message_problems
from agent.slack.drawing import drawn
from agent.surfaces import SLACK, SlackSettings
from agent.worker.tasks import review
from engine.service import posts
from engine.service.jobs import Job
from engine.service.posts import Post
from engine.service.review import last_review
from engine.store.tables.surfaces import posts as table
from support.imported import NOW, copied, opened

JOB = Job(id=1, key="k", kind="k", payload={}, run_at=NOW, claims=1, failures=0)


@pytest.fixture
def monthly(company: Company, quick_home: Path, tmp_path: Path) -> Company:
    """The planned company of eighty items, on the morning of its plan: a review is due today."""
    stores = next(iter(opened(copied(quick_home, tmp_path / "monthly"))))
    settings = company.settings.model_copy(
        update={
            "slack": SlackSettings(team="T1"),
            "review": ReviewSettings(channel="C9", at="0 6 16 * *", time_zone="UTC"),
            "plan": company.settings.plan,
        }
    )
    loaded = replace(company.loaded, settings=settings)
    made = replace(company, stores=stores, loaded=loaded)
    made.clock.advance((NOW - made.clock.now()).total_seconds())  # type: ignore[attr-defined]  by hand
    return made


def wanted(company: Company) -> list[tuple[str, str | None, str]]:
    with company.stores.database.read() as look:
        rows = look.execute(sa.select(table).order_by(table.c.id)).all()
        return [(row.key, row.thread, row.ref["part"]) for row in rows]


def claimed(company: Company) -> Post | None:
    return posts.claim(
        company.stores.database, owner="o", surface=SLACK, now=company.clock.now(), seconds=60
    )


def test_a_review_is_posted_once_and_its_thread_has_the_paper(monthly: Company) -> None:
    for _ in range(2):
        review.run(monthly, JOB)
    parent = "review:2026-11-16T06:00Z"
    assert wanted(monthly) == [(parent, None, "parent")]

    post = claimed(monthly)
    assert post is not None
    posts.shown(monthly.stores.database, post, message="C9/9.1", digest="d", seen="final")
    for _ in range(2):
        review.run(monthly, JOB)

    assert [row[1:] for row in wanted(monthly)[1:]] == [
        ("9.1", "forecasts"), ("9.1", "decisions"), ("9.1", "paper"),
    ]  # fmt: skip
    kept = last_review(monthly.stores)
    assert kept is not None
    assert kept.month == "2026-10"
    for _, _, part in wanted(monthly):
        picture = drawn(monthly, "review", {"review": kept.id, "part": part})
        if part == "paper":
            assert picture.file is not None
            assert picture.file.name == "review-2026-10.pdf"
            assert picture.file.content.startswith(b"%PDF")
        else:
            blocks = list(picture.message.blocks)
            message = {"text": picture.message.text, "blocks": blocks}
            assert message_problems(message) == []
            assert len(blocks) >= 3


def test_without_a_channel_no_review_is_made(monthly: Company) -> None:
    settings = monthly.settings.model_copy(update={"review": ReviewSettings()})
    quiet = replace(monthly, loaded=replace(monthly.loaded, settings=settings))

    review.run(quiet, JOB)

    assert wanted(quiet) == []
