"""A connection must not be used, or closed, by a process that inherited it."""

import os
import weakref

import sqlalchemy as sa

# Pools that a parent process left to this one. They are kept for ever, because forgetting one
# would close its connections, and SQLite releases the locks of a file with any of them.
_inherited: list[sa.Pool] = []


def forget_in_children(engine: sa.Engine) -> None:
    """Let processes forked from this one begin with a pool of their own."""
    known = weakref.ref(engine)

    def forget() -> None:
        left = known()
        if left is not None:
            _inherited.append(left.pool)
            left.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
