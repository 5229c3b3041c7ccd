"""Expected sales by channel: parts that add up to the forecast."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.cells import rounded
from tools.facts import Entity
from tools.ledger import Ledger
from tools.result import FactTable


class ByChannel(Protocol):
    """A stored forecast of a series or of a total."""

    @property
    def channels(self) -> tuple[str, ...]: ...

    @property
    def by_channel(self) -> NDArray[np.float64]:
        """[channel, step] units."""
        ...


def add_channels(ledger: Ledger, views: Sequence[ByChannel], steps: int, *about: Entity) -> None:
    """Facts and a table of units and share per channel; nothing where there is only one."""
    names = views[0].channels
    if not names:
        return
    units = np.sum([view.by_channel[:, :steps].sum(axis=1) for view in views], axis=0)
    whole = float(units.sum())
    rows: list[tuple[str, ...]] = []
    for number, (name, part) in enumerate(zip(names, units, strict=True), start=1):
        prefix = f"channel.{number}"
        share = float(part) / whole if whole > 0 else 0.0
        rows.append(
            (
                ledger.add(f"{prefix}.name", name, "name", "channel", *about),
                ledger.add(
                    f"{prefix}.mean", rounded(float(part)), "units", "expected sales", *about,
                    formula="part of the mean forecast; channels add up to it",
                ),
                ledger.add(f"{prefix}.share", round(share, 3), "percent", "share of sales", *about),
            )
        )  # fmt: skip
    ledger.table(
        FactTable(
            name="channels",
            title="By channel",
            columns=("Channel", "Expected", "Share"),
            rows=tuple(rows),
        )
    )
