"""What happened, in figures whose definitions stand beside them: one file per key figure."""

from engine.measure.books import Books as Books
from engine.measure.catalogue import (
    EVERY_CUT as EVERY_CUT,
    MEASURES as MEASURES,
    Measure as Measure,
    measure as measure,
)
from engine.measure.cuts import (
    Slice as Slice,
    cut as cut,
    cuts as cuts,
    item_classes as item_classes,
)
from engine.measure.kpi import Cut as Cut, Kpi as Kpi, KpiName as KpiName, Part as Part
from engine.measure.trend import Point as Point, trend as trend, weeks_up_to as weeks_up_to
from engine.model.period import Period as Period
