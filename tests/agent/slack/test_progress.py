"""Who may stop a question."""

import pytest

from agent.bootstrap import Company
from agent.slack import progress
from agent.surfaces import SLACK
from engine.errors import InvalidInput
from engine.service import posts
from engine.service.posts import Place
from support.slack import BEA

KEY = "progress:message:T1:C1:1.0"


def test_the_same_user_id_of_another_workspace_stops_nothing(company: Company) -> None:
    database, now = company.stores.database, company.clock.now()
    ref = {"key": KEY, "user": BEA, "home": "T1", "stage": "rank buys"}
    with database.write() as work:
        place = Place(team="T1", channel="C1")
        posts.want_once(
            work, key=KEY, surface=SLACK, place=place, kind=progress.KIND, ref=ref, now=now
        )
    with pytest.raises(InvalidInput, match="Only whoever asked"):
        progress.stop(company, KEY, "T2", BEA)
    progress.stop(company, KEY, "T1", BEA)
    with database.read() as look:
        assert posts.ref_of(look, KEY, progress.KIND) == {**ref, "is_stopping": True}
