"""The words beside each forecast: method, reason, class, confidence."""

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Texts, bools
from engine.demand.series import discontinued
from engine.forecast import alone, handover, silence
from engine.forecast.accuracy import accuracy
from engine.forecast.classes import CLASSES
from engine.forecast.confidence import LATELY_DAYS, confidence, relative_error
from engine.forecast.fallbacks import NEVER_IN_STOCK, NEVER_SOLD, SHORT, fallbacks
from engine.forecast.launches import sibling_reasons
from engine.forecast.learned import Learned
from engine.forecast.newcomers import PREFIX

ENDED = "The item is discontinued, so no further demand is planned for it."
NO_SEASON = "Less than a year of history, so no season is assumed."
EXPECTED = "Its level is what a person expects of it."
CHOSEN = "It did best on past periods among items that sell like this one."


def described(series: pd.DataFrame, learned: Learned, mean: Floats) -> pd.DataFrame:
    """`Forecast.series`: the panel's columns and the forecast's own."""
    training, evidence = learned.here.training, learned.evidence
    fresh = np.zeros(len(series), dtype=np.bool_)
    fresh[learned.newcomers.rows] = True
    lately = training.weight[:, -max(LATELY_DAYS // training.bucket_days, 1) :]
    share = lately.mean(axis=1) if lately.shape[1] else np.zeros(len(series))
    error = relative_error(mean, learned.noise, training.bucket_days)
    trust, why = confidence(error, evidence.in_stock_days, share, fresh)
    wape, bias = accuracy(learned.errors, learned.classes)
    method, reason, proxies = _methods(series, learned)
    return series.assign(
        method=method,
        reason=reason,
        confidence=trust,
        confidence_reason=why,
        demand_class=np.array(CLASSES, dtype=object)[learned.classes],
        backtest_wape=wape,
        backtest_bias=bias,
        level=learned.course.level,
        proxies=proxies,
        family_reason=_family_reasons(series, learned),
    )


def _family_reasons(series: pd.DataFrame, learned: Learned) -> Texts:
    """[series] what a launch or a hand-over in its family does to it; mostly nothing."""
    skus = series["sku"].to_numpy(dtype=object)
    reasons = sibling_reasons(learned.family.launches, skus)
    handover.told(reasons, learned.family.handover, skus)
    return reasons


def _methods(series: pd.DataFrame, learned: Learned) -> tuple[Texts, Texts, Texts]:
    names = np.array([_mixture(learned, code) for code in range(len(CLASSES))], dtype=object)
    method: Texts = names[learned.classes]
    seasonal = learned.here.structure.year is not None
    said = (
        alone.REASON if learned.alone else CHOSEN,
        "" if seasonal else NO_SEASON,
        learned.challenge_note,
    )
    reason = np.full(len(series), " ".join(filter(None, said)), dtype=object)
    for name, sentence, rows in fallbacks(learned.here.training):
        told = alone.SHORT if learned.alone and sentence == SHORT else sentence
        method[rows], reason[rows] = f"{name}: " + names[learned.classes[rows]], told
    method[learned.silent.rows], reason[learned.silent.rows] = silence.METHOD, silence.REASON
    proxies = np.full(len(series), "", dtype=object)
    new = learned.newcomers
    proxies[new.rows] = new.proxies
    never = (learned.evidence.sold <= 0)[new.rows] & (learned.evidence.in_stock_days[new.rows] > 0)
    method[new.rows] = np.where(never, "no sale so far", "category proxy")
    category = series["category"].to_numpy(dtype=object)
    absent = (learned.evidence.in_stock_days <= 0) & ~_waiting(series, learned)
    told = np.where(never, f" {NEVER_SOLD}", np.where(absent[new.rows], f" {NEVER_IN_STOCK}", ""))
    told = np.where(new.expected, f" {EXPECTED}", told)
    reason[new.rows] = [
        _proxy_reason(proxy, str(category[row])) + more
        for row, proxy, more in zip(new.rows, new.proxies, told, strict=True)
    ]
    method[learned.family.handover.new] = handover.METHOD
    reason[learned.family.handover.new] = handover.REASON
    ended = discontinued(series)
    method[ended], reason[ended] = "ended", ENDED
    return method, reason, proxies


def _waiting(series: pd.DataFrame, learned: Learned) -> Bools:
    """[series] still to be launched: no wonder that nothing is on record."""
    last = learned.here.training.starts[-1:].max()
    return bools((series["status"] == "planned") | (series["launch_date"] > last))


def _proxy_reason(proxies: str, category: str) -> str:
    if proxies:
        return f"{PREFIX}: {', '.join(proxies.split('|'))}."
    return f"{PREFIX}: the mean of {category or 'all items'}, because no similar item has history."


def _mixture(learned: Learned, code: int) -> str:
    """The candidates of a class in order of their share, such as "last quarter + TSB"."""
    weights = learned.shares.overall()[code]
    order = [int(model) for model in np.argsort(-weights, kind="stable") if weights[model] > 0]
    return " + ".join(learned.shares.names[model] for model in order)
