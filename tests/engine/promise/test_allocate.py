"""Units go to paid customers first, in their turn, and to nobody twice."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.errors import InvalidInput
from engine.promise.allocate import Allocation, allocate
from engine.promise.policy import PromisePolicy
from engine.promise.queue import Waiting
from support.promises import waiting

MAIN = ("A", "MAIN")


def got(
    units: int, lines: Sequence[Waiting], held: Mapping[str, int] | None = None, **policy: object
) -> dict[str, int]:
    found = allocate({MAIN: units}, lines, PromisePolicy(**policy), held=held)  # type: ignore[arg-type]  given by name in each test
    return {grant.line.order_line: grant.units for grant in found.grants}


def test_sixty_units_for_eighty_backorders_go_to_those_who_paid_first() -> None:
    lines = [waiting(f"W{n:02}", paid=None if n % 4 == 0 else 80 - n) for n in range(80)]

    found = allocate({MAIN: 60}, lines, PromisePolicy())

    served = [grant.line for grant in found.grants if grant.units]
    assert len(served) == sum(grant.units for grant in found.grants) == 60
    assert all(line.paid_at is not None for line in served)  # 60 of the 80 had paid
    assert [line.order_line for line in served] == [f"W{n:02}" for n in range(79, 0, -1) if n % 4]
    assert found.left[MAIN] == 0


def test_those_who_paid_at_one_moment_go_by_when_they_ordered() -> None:
    early = waiting("W9", ordered_at=waiting("x").ordered_at)
    late = waiting("W1", ordered_at=waiting("x", paid=1).paid_at)

    assert got(1, [late, early]) == {"W9": 1, "W1": 0}


def test_who_has_not_paid_gets_what_is_left_or_nothing_by_policy() -> None:
    lines = [waiting("not", 3, paid=None), waiting("paid", 2, paid=50)]

    assert got(4, lines) == {"paid": 2, "not": 2}
    assert got(4, lines, unpaid=False) == {"paid": 2}


def test_a_class_goes_first_among_those_who_paid_only() -> None:
    lines = [
        waiting("plain", paid=0),
        waiting("trade", paid=9, customer_class="trade"),
        waiting("unpaid trade", paid=None, customer_class="trade"),
    ]

    assert list(got(1, lines, classes=("trade",))) == ["trade", "plain", "unpaid trade"]


@pytest.mark.parametrize(
    ("partial", "expected", "ready"),
    [
        ("ship", {"big": 6, "small": 0}, True),
        ("wait", {"big": 6, "small": 0}, False),
        ("pass", {"big": 0, "small": 2}, False),
    ],
)
def test_a_line_that_cannot_be_filled_ships_a_part_waits_or_is_passed_over(
    partial: str,
    expected: dict[str, int],
    ready: bool,  # noqa: FBT001  a parameter of the table above
) -> None:
    lines = [waiting("big", 10), waiting("small", 2, paid=1)]

    found = allocate({MAIN: 6}, lines, PromisePolicy(partial_fills=partial))  # type: ignore[arg-type]  given by name in each test

    assert {grant.line.order_line: grant.units for grant in found.grants} == expected
    assert found.grants[0].ready is ready


def test_a_channels_share_is_kept_from_the_others_and_is_its_own_first() -> None:
    trade = waiting("trade", 100, channel="wholesale")
    web = waiting("web", 5, paid=9)

    found = allocate({MAIN: 50}, [trade, web], PromisePolicy(channel_reserve={"web": 0.3}))

    assert {grant.line.order_line: grant.units for grant in found.grants} == {"trade": 35, "web": 5}
    assert found.kept["A", "MAIN", "web"] == 10
    assert found.left[MAIN] == 0


def test_what_a_paid_customer_holds_stays_theirs_when_somebody_better_placed_comes() -> None:
    lines = [waiting("vip", 5, paid=9, customer_class="vip"), waiting("plain", 5)]

    assert got(5, lines, {"plain": 5}, classes=("vip",)) == {"vip": 0, "plain": 5}
    assert got(5, lines, {}, classes=("vip",)) == {"vip": 5, "plain": 0}


def test_where_supply_shrinks_the_last_in_the_queue_lose_first() -> None:
    lines = [waiting("first", 5), waiting("last", 5, paid=1)]

    assert got(6, lines, {"first": 5, "last": 5}) == {"first": 5, "last": 1}


def test_cancelling_frees_the_units_for_the_next() -> None:
    assert got(5, [waiting("second", 5, paid=1)], {"first": 5}) == {"second": 5}


def test_a_set_takes_each_of_its_parts_once_and_no_half_sets() -> None:
    lines = [waiting("set", 4, sku="AB"), waiting("single", 9, paid=1)]
    supply = {("A", "MAIN"): 7, ("B", "MAIN"): 9}

    found = allocate(supply, lines, PromisePolicy(), recipes={"AB": {"A": 2, "B": 1}})

    assert found.grants[0].parts == {"A": 6, "B": 3}
    assert found.grants[1].parts == {"A": 1}
    assert found.left == {("A", "MAIN"): 0, ("B", "MAIN"): 6}


def test_a_place_without_a_record_gives_nothing() -> None:
    assert got(5, [waiting("elsewhere", location="SHOP")]) == {"elsewhere": 0}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"confidence": 1.5}, "confidence is 1.5"),
        ({"tolerance_days": -1}, "tolerance_days is -1"),
        ({"channel_reserve": {"web": 0.7, "trade": 0.6}}, "add up to at most 1"),
        ({"classes": ("vip", "vip")}, "each of them once"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        PromisePolicy(**given)  # type: ignore[arg-type]  given by name in each test


class Shelf(RuleBasedStateMachine):
    """Goods come and go, customers come, pay and leave: no unit is ever anybody's twice."""

    policy = PromisePolicy(classes=("vip",), channel_reserve={"web": 0.25})
    recipes = {"AB": {"A": 2, "B": 1}}  # noqa: RUF012  as Hypothesis' machines are written

    def __init__(self) -> None:
        super().__init__()
        self.supply = {("A", "MAIN"): 0, ("B", "MAIN"): 0}
        self.lines: dict[str, Waiting] = {}
        self.held: dict[str, int] = {}
        self.count = 0
        self.found: Allocation = allocate(self.supply, [], self.policy)

    @rule(sku=st.sampled_from("AB"), units=st.integers(1, 12))
    def receive(self, sku: str, units: int) -> None:
        self.supply[sku, "MAIN"] += units
        self._allocate()

    @rule(sku=st.sampled_from("AB"), units=st.integers(1, 8))
    def lose(self, sku: str, units: int) -> None:
        self.supply[sku, "MAIN"] = max(self.supply[sku, "MAIN"] - units, 0)
        self._allocate()

    @rule(
        sku=st.sampled_from(["A", "B", "AB"]), units=st.integers(1, 9),
        paid=st.none() | st.integers(0, 30), channel=st.sampled_from(["web", "trade"]),
        class_=st.sampled_from(["", "vip"]),
    )  # fmt: skip
    def order(self, sku: str, units: int, paid: int | None, channel: str, class_: str) -> None:
        self.count += 1
        name = f"W{self.count}"
        line = waiting(name, units, paid, sku=sku, channel=channel, customer_class=class_)
        self.lines[name] = line
        self._allocate()

    @rule(which=st.integers(0, 20))
    def cancel(self, which: int) -> None:
        for name in list(self.lines)[which : which + 1]:
            del self.lines[name]
        self._allocate()

    def _allocate(self) -> None:
        before = self.held
        self.found = allocate(
            self.supply, list(self.lines.values()), self.policy, recipes=self.recipes, held=before
        )
        self.held = {grant.line.order_line: grant.units for grant in self.found.grants}

    @invariant()
    def no_unit_is_given_twice(self) -> None:
        for (sku, place), there in self.supply.items():
            given = sum(grant.parts.get(sku, 0) for grant in self.found.grants)
            kept = sum(n for key, n in self.found.kept.items() if key[:2] == (sku, place))
            assert given + kept + self.found.left[sku, place] == there
            assert kept >= 0
            assert self.found.left[sku, place] >= 0

    @invariant()
    def nobody_gets_more_than_they_wait_for(self) -> None:
        assert all(0 <= grant.units <= grant.line.units for grant in self.found.grants)

    @invariant()
    def a_second_round_changes_nothing(self) -> None:
        lines = list(self.lines.values())
        again = allocate(self.supply, lines, self.policy, recipes=self.recipes, held=self.held)
        assert {g.line.order_line: g.units for g in again.grants} == self.held

    @invariant()
    def nothing_lies_free_that_a_single_item_waits_for(self) -> None:
        for grant in self.found.grants:
            if grant.missing and grant.line.sku != "AB":
                place = (grant.line.sku, "MAIN")
                own = self.found.kept.get((*place, grant.line.channel), 0)
                assert self.found.left.get(place, 0) + own == 0


TestShelf = Shelf.TestCase
TestShelf.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
