"""Orders that wait for a person, in words: what is the matter, and what can be done."""

from collections.abc import Mapping

from engine.service.order_troubles import Trouble

MATTER: Mapping[Trouble, str] = {
    "undelivered": "could not be sent",
    "in_doubt": "may or may not have been sent",
    "not_as_ordered": "is confirmed otherwise than ordered",
}
NEXT_STEP: Mapping[Trouble, str] = {
    "undelivered": "qm outbox again",
    "in_doubt": "qm outbox arrived, or qm outbox again",
    "not_as_ordered": "qm po accept, or qm po amend",
}
