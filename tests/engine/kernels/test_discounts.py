import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.kernels.discounts import PriceTiers, cost_micros

UNITS = np.asarray([0, 99, 100, 150], dtype=np.int64)


def test_all_units_price_falls_for_every_unit_at_the_break() -> None:
    tiers = PriceTiers(breaks=(0, 100), prices_micros=(2_000_000, 1_500_000))

    assert cost_micros(UNITS, tiers).tolist() == [0, 198_000_000, 150_000_000, 225_000_000]


def test_incremental_price_falls_for_units_above_the_break_only() -> None:
    tiers = PriceTiers(breaks=(0, 100), prices_micros=(2_000_000, 1_500_000), kind="incremental")

    assert cost_micros(UNITS, tiers).tolist() == [0, 198_000_000, 200_000_000, 275_000_000]


@pytest.mark.parametrize("breaks", [(), (10, 20), (0, 50, 50)])
def test_breaks_that_do_not_start_at_0_and_rise_are_refused(breaks: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="Price breaks must start at 0 and rise"):
        PriceTiers(breaks=breaks, prices_micros=tuple(1 for _ in breaks))
