"""What a user can fix, as one tree.

    PlanningError                 shown to the user as it reads
    ├── InvalidInput              an argument is outside what the question allows
    │   ├── UnknownName           no such SKU, location, supplier, person: with the nearest names
    │   └── Ambiguous             several things match: with the choices
    ├── BadSource                 a file or table that cannot be read as asked
    ├── BadSettings               a setting is unknown or has an impossible value
    ├── StoreError                the database or the snapshot store cannot serve
    │   ├── WrongSchema           the database is older or newer than this program
    │   └── Tampered              the audit chain does not verify
    ├── ComputeFailed             the process that computed died or took too long
    ├── NotAllowed                the person may not do this; names who may
    ├── IllegalTransition         the state machine has no such step; names both states
    └── Stale                     what was shown has changed since; carries the difference

Every message names the value, the expectation and the next step. Anything that is not a
PlanningError is a bug and crashes loudly with a reference id.
"""

from collections.abc import Sequence


class PlanningError(Exception):
    """Something a user can understand and fix; its text is shown as it is."""


class InvalidInput(PlanningError):  # noqa: N818  the tree reads as statements, not as FooError
    """An argument is outside what the question allows."""


class UnknownName(InvalidInput):
    """No such thing; `close` holds the nearest names that exist."""

    def __init__(self, kind: str, name: str, close: Sequence[str] = ()) -> None:
        hint = f" Close: {', '.join(close)}." if close else ""
        super().__init__(f"No {kind} {name!r}.{hint}")
        self.kind = kind
        self.name = name
        self.close = tuple(close)

    def __reduce__(self) -> tuple[type["UnknownName"], tuple[str, str, tuple[str, ...]]]:
        # Pickle would call __init__ with the sentence; errors travel between processes.
        return UnknownName, (self.kind, self.name, self.close)


class Ambiguous(InvalidInput):
    """Several things match; `choices` holds them, best first."""

    def __init__(self, kind: str, name: str, choices: Sequence[str]) -> None:
        super().__init__(f"Which {kind} is {name!r}? It could be {', '.join(choices)}.")
        self.kind = kind
        self.name = name
        self.choices = tuple(choices)

    def __reduce__(self) -> tuple[type["Ambiguous"], tuple[str, str, tuple[str, ...]]]:
        return Ambiguous, (self.kind, self.name, self.choices)


class BadSource(PlanningError):  # noqa: N818  as above
    """A file or table cannot be read as asked."""


class BadSettings(PlanningError):  # noqa: N818  as above
    """A setting is unknown or has an impossible value."""


class StoreError(PlanningError):
    """The database or the snapshot store cannot serve."""


class WrongSchema(StoreError):  # noqa: N818  as above
    """The database is older or newer than this program."""


class Tampered(StoreError):  # noqa: N818  as above
    """The audit chain does not verify."""


class ComputeFailed(PlanningError):  # noqa: N818  as above
    """The process that computed died or took too long; nothing was changed."""


class NotAllowed(PlanningError):  # noqa: N818  as above
    """The person may not do this; the text names who may."""


class IllegalTransition(PlanningError):  # noqa: N818  as above
    """The state machine has no such step; `allowed` are the states it can become.

    With `possible_in`, `wanted` is no state but something done, and `allowed` are the states in
    which it can be.
    """

    def __init__(
        self,
        what: str,
        current: str,
        wanted: str,
        allowed: Sequence[str],
        possible_in: bool = False,  # noqa: FBT001, FBT002  positional, so that it can be pickled
    ) -> None:
        names = ", ".join(allowed)
        onward = f"From {current!r} it can become {names}." if allowed else ""
        if possible_in:
            onward = f"That is possible while it is {names}."
        verb = "be" if possible_in else "become"
        super().__init__(f"{what} is {current!r} and cannot {verb} {wanted!r}. {onward}".strip())
        self.what = what
        self.current = current
        self.wanted = wanted
        self.allowed = tuple(allowed)
        self.possible_in = possible_in

    def __reduce__(
        self,
    ) -> tuple[type["IllegalTransition"], tuple[str, str, str, tuple[str, ...], bool]]:
        told = (self.what, self.current, self.wanted, self.allowed, self.possible_in)
        return IllegalTransition, told


class Stale(PlanningError):  # noqa: N818  as above
    """What was shown has changed; nothing was done. `difference` is what changed, if known."""

    def __init__(self, message: str, difference: object = None) -> None:
        super().__init__(message)
        self.difference = difference
