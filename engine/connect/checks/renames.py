"""Items that stop while a twin starts: a new code for the same thing, or a planned successor."""

import re

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from engine.connect.checks.view import EXAMPLES, View, only, shown_day
from engine.model.counting import counted
from engine.model.finding import Finding

_DAYS_APART = 28  # between the old code's last and the new one's first sale
_DAYS_QUIET = 28  # before the end of the data, for a code to count as ended
_ALIKE = 94  # of 100, by name; colours and sizes of one thing are less alike
_PRICE_TOLERANCE = 0.25
_CODE = "\x1f"
_MOST = 2_000  # codes on either side; beyond that the catalogue was replaced, not renamed


def sku_renames(view: View) -> list[Finding]:
    """Pairs that look like one item under two codes, unless items already says so."""
    lives = _lives(view)
    end, start = lives["last"].max(), lives["first"].min()
    ended = only(lives, lives["last"] < end - _DAYS_QUIET)
    begun = only(lives, lives["first"] > start + _DAYS_QUIET)
    if ended.empty or begun.empty or max(len(ended), len(begun)) > _MOST:
        return []
    pairs = _pairs(ended, begun, _stated(view))
    if not pairs:
        return []
    return [
        Finding(
            code="sku_rename",
            severity="warning",
            table="sales",
            rows=len(pairs),
            message=f"{counted(len(pairs), 'item looks', 'items look')} like an earlier one "
            "under a new code.",
            done="Kept apart; state `renamed_from` in items to join their histories.",
            examples=tuple(pairs[:EXAMPLES]),
        )
    ]


def _stated(view: View) -> set[tuple[str, str]]:
    """Pairs (old, new) that items declares."""
    sku, old = view.text("items", "sku"), view.text("items", "renamed_from")
    if len(old) == 0:
        return set()
    rows = np.flatnonzero(old.filled)
    return {(old.at(int(row)) or "", sku.at(int(row)) or "") for row in rows}


def _lives(view: View) -> pd.DataFrame:
    """First and last day, typical price and name of every SKU that sold."""
    sales = view.sales
    lines = pd.DataFrame({"code": sales.sku.codes, "day": sales.day, "price": sales.unit_price})[
        sales.is_demand
    ]
    lives = lines.groupby("code").agg(
        first=("day", "min"), last=("day", "max"), price=("price", "median")
    )
    lives["sku"] = [sales.sku.distinct[int(code)] for code in lives.index]
    names = _names(view)
    lives["name"] = [_name_or_code(names.get(str(sku)), str(sku)) for sku in lives["sku"]]
    return lives


def _name_or_code(name: str | None, sku: str) -> str:
    """What to compare: the name, else the code without punctuation and leading zeros.

    Codes that differ by a digit are different things; only a rewritten code is the same one. The
    mark in front keeps codes from being like anything but an equal code.
    """
    if name and name != sku:
        return name.lower()
    parts = re.findall(r"[a-z]+|\d+", sku.lower())
    return _CODE + _CODE.join(part.lstrip("0") or "0" for part in parts)


def _names(view: View) -> dict[str, str]:
    sku, name = view.text("items", "sku"), view.text("items", "name")
    if len(name) == 0:
        return {}
    return {sku.at(row) or "": name.at(row) or sku.at(row) or "" for row in range(len(sku))}


def _pairs(ended: pd.DataFrame, begun: pd.DataFrame, stated: set[tuple[str, str]]) -> list[str]:
    alike = process.cdist(
        list(ended["name"]), list(begun["name"]), scorer=fuzz.ratio, score_cutoff=_ALIKE
    )
    apart = begun["first"].to_numpy()[None, :] - ended["last"].to_numpy()[:, None]
    old_price, new_price = ended["price"].to_numpy()[:, None], begun["price"].to_numpy()[None, :]
    near = np.abs(new_price - old_price) <= _PRICE_TOLERANCE * np.maximum(old_price, 1e-9)
    same = np.asarray(ended["name"])[:, None] == np.asarray(begun["name"])[None, :]
    coded = np.asarray([name.startswith(_CODE) for name in ended["name"]])[:, None]
    alike = np.where(coded, same * 100.0, alike)
    fits = (alike >= _ALIKE) & (np.abs(apart) <= _DAYS_APART) & (near | np.isnan(near))
    found: list[str] = []
    for old, new in np.argwhere(fits):
        was, now = ended.iloc[int(old)], begun.iloc[int(new)]
        if (str(was["sku"]), str(now["sku"])) not in stated and was["sku"] != now["sku"]:
            found.append(f"{was['sku']} -> {now['sku']} around {shown_day(int(now['first']))}")
    return found
