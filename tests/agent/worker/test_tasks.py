"""What happens by itself: digests, reminders, the nightly import, word to the operators."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.slack.digests import digest_of
from agent.surfaces import SlackSettings
from agent.views.digest import Digest
from agent.worker.schedule import pulling_time
from agent.worker.tasks import bring_in, connect, digests, remind
from engine.errors import BadSettings, PlanningError
from engine.model.money import to_micros
from engine.service import assignments, posts
from engine.service.jobs import Job
from engine.service.order_confirming import confirm
from engine.service.reading import latest_run
from engine.store.tables.surfaces import posts as table
from engine.store.tables.work import jobs as jobs_table
from support.agent import LINES
from support.plans import exception, plan_of, save
from support.purchasing import NOW, buy, click, person, proposed
from support.sent import mark_sent

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
    assert wanted(weekly)[1:] == [(f"thread:{parent}:buys", "9.1")]


def test_the_next_week_has_a_digest_of_its_own_also_after_downtime(weekly: Company) -> None:
    digests.run(weekly, JOB)
    weekly.clock.advance(timedelta(days=23).total_seconds())  # type: ignore[attr-defined]  by hand
    digests.run(weekly, JOB)
    assert [key for key, _ in wanted(weekly)] == [
        "digest:buying:2026-11-02T08:30Z", "digest:buying:2026-11-23T08:30Z",
    ]  # fmt: skip


def shown_digest(company: Company, key: str) -> Digest:
    """What the post of this key shows."""
    ref = posts.newest_ref(company.stores.database, key)
    assert ref is not None
    return digest_of(company, ref)


def test_orders_that_wait_for_a_person_stand_in_the_digest_of_whoever_buys_there(
    weekly: Company,
) -> None:
    stores = weekly.stores
    click(stores, proposed(stores, buy("LAMP-OAK-01", 24)), "max")
    mark_sent(stores, "PO-1001")
    confirm(stores, "PO-1001", prices={1: to_micros("21")}, person=person(stores, "bea"), now=NOW)
    others = DigestSettings(name="others", channel="C2", at=MONDAY_830, suppliers=("BRITLIGHT",))
    both = with_settings(weekly, digests=(*weekly.settings.digests, others))
    digests.run(both, JOB)

    (stuck,) = shown_digest(both, "digest:buying:2026-11-02T08:30Z").orders
    assert stuck.headline == "PO-1001 is confirmed otherwise than ordered"
    assert "price 21 instead of 20; qm po accept, or qm po amend" in stuck.text
    assert shown_digest(both, "digest:others:2026-11-02T08:30Z").orders == ()


def next_plan(company: Company, run_id: str, *exceptions: dict[str, object]) -> None:
    """A later plan of record that reports these."""
    before = latest_run(company.stores)
    save(
        company.stores, plan_of(LINES, list(exceptions)), run_id, snapshot_id=before.snapshot_id,
        artefacts=before.artefacts,
    )  # fmt: skip


def test_new_and_resolved_are_told_since_the_digest_before_not_since_the_plan_before(
    weekly: Company,
) -> None:
    digests.run(weekly, JOB)
    for night in range(3):  # planned every night: what came on the first is not old on Monday
        next_plan(weekly, f"run-{night + 2}", exception("overstock:CHAIR-1", 5_000))
    weekly.clock.advance(timedelta(days=7).total_seconds())  # type: ignore[attr-defined]  by hand
    digests.run(weekly, JOB)
    view = shown_digest(weekly, "digest:buying:2026-11-09T08:30Z")
    assert [(each.key, each.status) for each in view.findings] == [("overstock:CHAIR-1", "new")]
    assert len(view.resolved) == 2


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ({"suppliers": ("nordlicht",)}, ["stock_out_soon:LAMP-OAK-01", "low_confidence:22423"]),
        ({"suppliers": ("OAKHURST",)}, []),
        ({"categories": ("Lighting",)}, ["stock_out_soon:LAMP-OAK-01"]),
        ({"locations": ("LONDON",)}, ["low_confidence:22423"]),
        ({"categories": ("Furniture",), "locations": ("LONDON",)}, []),
    ],
    ids=str,
)
def test_a_digest_tells_what_lies_in_its_scope(
    company: Company, scope: dict[str, tuple[str, ...]], shown: list[str]
) -> None:
    plan = DigestSettings(name="mine", channel="C1", at=MONDAY_830, **scope)  # type: ignore[arg-type]  as settings give it
    digests.run(with_settings(company, digests=(plan,)), JOB)
    view = shown_digest(company, "digest:mine:2026-11-02T08:30Z")
    assert [each.key for each in view.findings] == shown


def test_a_scope_narrows_what_is_to_be_bought_too(company: Company) -> None:
    plan = DigestSettings(name="mine", channel="C1", at=MONDAY_830, suppliers=("OAKHURST",))
    digests.run(with_settings(company, digests=(plan,)), JOB)
    buys = shown_digest(company, "digest:mine:2026-11-02T08:30Z").buys
    assert [row[0].text for row in buys.rows] == ["CHAIR-1"]


def test_quiet_hours_put_a_digest_off_but_not_what_is_urgent(company: Company) -> None:
    plan = DigestSettings(name="night", channel="C1", at=MONDAY_830, quiet="08:00-10:00")  # type: ignore[arg-type]  as settings give it
    living = with_settings(company, digests=(plan,))
    for _ in range(2):
        digests.run(living, JOB)
    key = "digest:night:2026-11-02T08:30Z"
    assert wanted(living) == [(f"urgent:{key}", None)]
    company.clock.advance(2 * 3600)  # type: ignore[attr-defined]  by hand
    digests.run(living, JOB)
    assert [each for each, _ in wanted(living)] == [f"urgent:{key}", key]


def test_who_looks_after_an_exception_is_reminded_on_its_day_once(company: Company) -> None:
    living = with_settings(company)
    run = latest_run(company.stores)
    bea = person(company.stores, "bea")
    assignments.assign(
        company.stores, run.id, ["stock_out_soon:LAMP-OAK-01"], assignee="max", note="call them",
        due=NOW.date() + timedelta(days=1), person=bea, now=NOW,
    )  # fmt: skip
    for _ in range(2):
        remind.run(living, JOB)
    assert wanted(living) == []
    for _ in range(3):
        company.clock.advance(timedelta(days=1).total_seconds())  # type: ignore[attr-defined]  by hand
        remind.run(living, JOB)
    assert [key for key, _ in wanted(living)] == ["due:1:2026-11-03"]


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


def test_connected_systems_are_read_by_themselves_and_one_that_fails_keeps_none_out(
    company: Company, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings, match=r"pull_at is set, but neither shopify\.shop"):
        connect.pulled(company, JOB)
    drop, settings = tmp_path / "drop", company.settings
    drop.mkdir()
    (drop / "receipts.csv").write_text("po,line,received_on,units\nPO-9,1,2026-10-01,5\n")
    living = with_settings(
        company, shopify=settings.shopify.model_copy(update={"shop": "lantern.myshopify.com"}),
        warehouse=settings.warehouse.model_copy(update={"folder": str(drop)}),
        worker=settings.worker.model_copy(update={"pull_at": "30 2 * * *"}),
    )  # fmt: skip

    with pytest.raises(PlanningError, match=r"shopify: .*shopify\.token"):
        connect.pulled(living, JOB)

    receipts = living.settings.connected_folder / "warehouse" / "receipts.csv"
    assert "PO-9,1,2026-10-01,5" in receipts.read_text()
    assert pulling_time(company, NOW) is None
    assert pulling_time(living, NOW) == datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


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
