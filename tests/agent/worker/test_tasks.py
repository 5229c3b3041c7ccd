"""What happens by itself: digests, reminders, the nightly import, word to the operators."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.surfaces import SlackSettings
from agent.worker.tasks import bring_in, digests, remind
from engine.errors import BadSettings
from engine.service import posts
from engine.service.jobs import Job
from engine.store.tables.surfaces import posts as table
from engine.store.tables.work import jobs as jobs_table
from support.purchasing import NOW, buy, click, proposed

JOB = Job(id=1, key="k", kind="k", payload={}, run_at=NOW, claims=1, failures=0)
MONDAY_830 = "30 8 * * mon"  # NOW is half past eight on a Monday


def with_settings(company: Company, **other: object) -> Company:
    settings = company.settings.model_copy(update={"slack": SlackSettings(team="T1"), **other})
    return replace(company, loaded=replace(company.loaded, settings=settings))


def wanted(company: Company) -> list[tuple[str, str | None]]:
    """Keys of all posts, and the thread each is for."""
    with company.stores.database.read() as look:
        rows = look.execute(sa.select(table.c.key, table.c.thread).order_by(table.c.id))
        return [(row.key, row.thread) for row in rows]


def post_all(company: Company) -> None:
    """What the process in Slack does."""
    number = 0
    while (
        post := posts.claim(
            company.stores.database, owner="o", surface="slack", now=company.clock.now(), seconds=60
        )
    ) is not None:
        number += 1
        posts.shown(
            company.stores.database, post, message=f"C1/9.{number}", digest="d", seen="final"
        )


@pytest.fixture
def weekly(company: Company) -> Company:
    plan = DigestSettings(name="buying", channel="C1", at=MONDAY_830)
    return with_settings(company, digests=(plan,))


def test_a_digest_is_posted_once_for_its_occasion_and_its_thread_follows(weekly: Company) -> None:
    for _ in range(3):
        digests.run(weekly, JOB)
    parent = "digest:buying:2026-11-02T08:30Z"
    assert wanted(weekly) == [(parent, None)]
    post_all(weekly)
    for _ in range(3):
        digests.run(weekly, JOB)
    assert wanted(weekly)[1:] == [(f"thread:{parent}:1", "9.1"), (f"thread:{parent}:2", "9.1")]


def test_the_next_week_has_a_digest_of_its_own_also_after_downtime(weekly: Company) -> None:
    digests.run(weekly, JOB)
    weekly.clock.advance(timedelta(days=23).total_seconds())  # type: ignore[attr-defined]  by hand
    digests.run(weekly, JOB)
    assert [key for key, _ in wanted(weekly)] == [
        "digest:buying:2026-11-02T08:30Z", "digest:buying:2026-11-23T08:30Z",
    ]  # fmt: skip


def test_a_digest_set_up_on_wednesday_waits_for_monday(weekly: Company) -> None:
    weekly.clock.advance(timedelta(days=2).total_seconds())  # type: ignore[attr-defined]  by hand
    digests.run(weekly, JOB)
    assert wanted(weekly) == []


def test_who_may_approve_is_reminded_once_a_day_until_it_is_decided(company: Company) -> None:
    living = with_settings(company)
    card = proposed(company.stores, buy("LAMP-OAK-01", 24))
    remind.run(living, JOB)
    assert wanted(living) == []
    for _ in range(2):
        company.clock.advance(timedelta(hours=25).total_seconds())  # type: ignore[attr-defined]  by hand
        for _ in range(2):
            remind.run(living, JOB)
    keys = [key for key, _ in wanted(living)]
    assert sorted(keys) == sorted(
        f"reminder:{card.request_id}:{day}:{user}" for day in (1, 2) for user in ("U2", "U4")
    )
    click(company.stores, card, "max", now=NOW + timedelta(hours=51))
    company.clock.advance(timedelta(hours=25).total_seconds())  # type: ignore[attr-defined]  by hand
    remind.run(living, JOB)
    assert len(wanted(living)) == len(keys)


def test_an_import_by_itself_needs_a_folder(company: Company) -> None:
    with pytest.raises(BadSettings, match="import_folder"):
        bring_in.run(company, JOB)


def test_new_data_is_imported_and_planned_once(company: Company, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "sales.csv").write_text("date,sku,units\n2026-10-01,A,3\n2026-10-02,A,4\n")
    worker = company.settings.worker.model_copy(update={"import_folder": folder})
    living = with_settings(company, worker=worker)
    for _ in range(2):
        bring_in.run(living, JOB)
    with company.stores.database.read() as look:
        kinds = look.execute(sa.select(jobs_table.c.kind)).scalars().all()
    assert kinds == ["plan"]
