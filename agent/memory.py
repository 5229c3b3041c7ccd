"""What a thread remembers between turns: ids, codes and the last question. Never a figure.

A follow-up is answered by asking the engine again, so an old figure is never repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

REMEMBERED = 20  # codes per kind

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PastCall:
    """A tool call of the last turn, to be asked again with something changed."""

    tool: str
    arguments: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A question of ours that the next message may answer.

    `choices` are the codes offered; the chosen one goes into `slot` of `call`.
    """

    call: PastCall
    slot: str
    choices: tuple[str, ...] = ()

    @staticmethod
    def from_json(stored: JsonObject) -> "Pending":
        return Pending(
            call=PastCall(**stored["call"]), slot=stored["slot"], choices=tuple(stored["choices"])
        )


@dataclass(frozen=True, kw_only=True)
class Memory:
    """`items`, `orders` and `suppliers` are codes, most recently spoken of first."""

    items: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    location: str | None = None
    item_place: str | None = None  # where the item spoken of last was meant
    listed: tuple[str, ...] = ()  # SKUs of the last list, in its order, for "the second one"
    listed_places: tuple[str, ...] = ()  # beside each its location, "" where it has none
    listed_on: str | None = None  # the plan of record when that list was shown
    is_list_stale: bool = False  # there was a list, and the plan was made again since
    calls: tuple[PastCall, ...] = ()
    buy_list: PastCall | None = None  # the list of buys shown last: what "draft it" means
    shown_run_id: str | None = None
    pending: Pending | None = None

    @property
    def item(self) -> str | None:
        """What "it" is."""
        return self.items[0] if self.items else None

    def under(self, run_id: str) -> "Memory":
        """The same under the plan of record of now: places in a list of an older one are gone."""
        if not self.listed or self.listed_on in (None, run_id):
            return self
        return replace(
            self, listed=(), listed_places=(), buy_list=None, shown_run_id=None, is_list_stale=True
        )

    @property
    def asked_with(self) -> tuple[JsonObject, ...]:
        """Arguments of the calls that may be repeated."""
        calls = (*self.calls, *([self.buy_list] if self.buy_list else []))
        return tuple(call.arguments for call in calls)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: JsonObject) -> "Memory":
        """What `to_json` made; an empty object is an empty memory."""
        pending = stored.get("pending")
        return Memory(
            items=tuple(stored.get("items", ())),
            orders=tuple(stored.get("orders", ())),
            suppliers=tuple(stored.get("suppliers", ())),
            location=stored.get("location"),
            item_place=stored.get("item_place"),
            listed_places=tuple(stored.get("listed_places", ())),
            listed=tuple(stored.get("listed", ())),
            listed_on=stored.get("listed_on"),
            is_list_stale=bool(stored.get("is_list_stale", False)),
            calls=tuple(PastCall(**call) for call in stored.get("calls", ())),
            buy_list=_call(stored.get("buy_list")),
            shown_run_id=stored.get("shown_run_id"),
            pending=None if pending is None else Pending.from_json(pending),
        )


def _call(stored: JsonObject | None) -> PastCall | None:
    return None if stored is None else PastCall(**stored)


def recent_first(new: Sequence[str], old: Sequence[str]) -> tuple[str, ...]:
    """New codes before old ones, each once, as many as are remembered."""
    return tuple(dict.fromkeys((*new, *old)))[:REMEMBERED]
