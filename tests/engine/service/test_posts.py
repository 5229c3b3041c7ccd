"""Posts: one message per key, drawn anew as often as wanted, never posted twice in doubt."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from engine.service import posts
from engine.service.posts import ATTEMPTS, Place, Post
from engine.store.database import Database
from support.work import NOW

HOUR = timedelta(hours=1)


def want(database: Database, key: str = "card:1", channel: str = "C1") -> bool:
    with database.write() as work:
        return posts.want(
            work, key=key, surface="slack", place=Place(team="T1", channel=channel), kind="card",
            ref={"request": 1}, now=NOW,
        )  # fmt: skip


def claim(database: Database, now: datetime = NOW, but_not: Collection[str] = ()) -> Post | None:
    return posts.claim(database, owner="one", surface="slack", now=now, seconds=60, but_not=but_not)


def claimed(database: Database, now: datetime = NOW) -> Post:
    post = claim(database, now)
    assert post is not None
    return post


def show(database: Database, post: Post, message: str = "1.1") -> None:
    posts.shown(database, post, message=message, digest="d", seen="s")


def test_a_post_is_sent_once_and_drawn_anew_when_wanted(database: Database) -> None:
    assert want(database)
    first = claimed(database)
    assert (first.message, first.is_in_doubt) == (None, False)
    show(database, first)
    assert claim(database) is None
    assert not want(database)
    second = claimed(database)
    assert (second.message, second.digest) == ("1.1", "d")
    assert posts.find(database, surface="slack", message="1.1") is not None


def test_a_change_while_it_is_being_sent_is_drawn_afterwards(database: Database) -> None:
    want(database)
    first = claimed(database)
    want(database)
    show(database, first)
    assert claimed(database).wanted == first.wanted + 1


@pytest.mark.parametrize("crash", [True, False], ids=["killed", "no answer"])
def test_what_may_have_been_posted_is_in_doubt_at_the_next_attempt(
    database: Database, *, crash: bool
) -> None:
    want(database)
    first = claimed(database)
    if not crash:
        posts.unsure(database, first, error="connection lost", now=NOW)
    again = claimed(database, NOW + HOUR)
    assert again.is_in_doubt
    show(database, again)
    want(database)
    assert not claimed(database, NOW + HOUR).is_in_doubt


def test_what_certainly_did_not_arrive_is_not_in_doubt(database: Database) -> None:
    want(database)
    assert not posts.failed(database, claimed(database), error="500", now=NOW)
    assert claim(database) is None
    assert not claimed(database, NOW + HOUR).is_in_doubt


def test_patience_is_no_failure_and_holds_its_channel_only(database: Database) -> None:
    want(database, "a", "C1")
    want(database, "b", "C2")
    posts.later(database, claimed(database), at=NOW + HOUR)
    assert claimed(database).key == "b"
    assert claimed(database, NOW + HOUR).failures == 0


def test_a_channel_is_posted_to_in_order_by_one_at_a_time(database: Database) -> None:
    for key in ("a", "b"):
        want(database, key)
    first = claimed(database)
    assert first.key == "a"
    assert claim(database) is None
    show(database, first)
    assert claimed(database).key == "b"


def test_a_channel_that_wants_rest_is_left_alone(database: Database) -> None:
    want(database, "a", "C1")
    assert claim(database, but_not=["C1"]) is None


def test_after_many_failures_it_is_dead_until_it_is_wanted_again(database: Database) -> None:
    want(database)
    now = NOW
    for attempt in range(ATTEMPTS):
        gave_up = posts.failed(database, claimed(database, now), error="500", now=now)
        assert gave_up is (attempt == ATTEMPTS - 1)
        now += 2 * HOUR
    assert posts.counts(database) == {"dead": 1}
    assert claim(database, now) is None
    want(database)
    assert claimed(database, now).failures == 0


def test_a_result_of_somebody_who_was_overtaken_changes_nothing(database: Database) -> None:
    want(database)
    lost = claimed(database)
    newer = claimed(database, NOW + HOUR)
    show(database, lost, "9.9")
    show(database, newer, "1.1")
    assert posts.find(database, surface="slack", message="9.9") is None
    assert posts.counts(database) == {"shown": 1}
