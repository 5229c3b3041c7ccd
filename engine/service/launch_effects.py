"""What a stored plan expects of launches: what each sells, and what it takes from its siblings."""

import pandas as pd
import pyarrow as pa

from engine.model.forecast import LAUNCHES, Forecast
from engine.service.reading import RunHeader
from engine.service.stores import Stores

LAUNCH_EFFECTS = "launches"  # name of the artefact
_TEXTS = ("sku", "location", "circle", "reason")


def launches_table(forecast: Forecast) -> pa.Table:
    """Columns engine.model.forecast.LAUNCHES, sorted; units are those of the whole horizon."""
    rows = forecast.launches.sort_values(["sku", "location"], kind="stable")
    columns: dict[str, pa.Array[pa.Scalar[pa.DataType]]] = {}
    for name in LAUNCHES:
        kind = pa.string() if name in _TEXTS else pa.float64()
        columns[name] = pa.array(rows[name].tolist(), type=kind)
    return pa.table(columns)


def launch_effects(stores: Stores, run: RunHeader, sku: str) -> pd.DataFrame:
    """The launches of one item, a row per place; none for an item that is long on sale.

    A plan stored before launches were has none either.
    """
    if LAUNCH_EFFECTS not in run.artefacts:
        return pd.DataFrame(columns=list(LAUNCHES))
    found = stores.blobs.find_rows(str(run.artefacts[LAUNCH_EFFECTS]), {"sku": sku})
    return found.to_pandas()
