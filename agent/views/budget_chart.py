"""The picture of what a budget is worth; drawn in a compute process."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent.views.charts import ACCENT, BAND, DOTS_PER_INCH, INK, MUTED, PULSE
from engine.service.budget_worth import curve_of
from engine.service.reading import run_header
from engine.service.stores import Stores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from engine.replenish.budget_curve import BudgetCurve

SIZE_INCHES = (9.0, 4.9)


def budget_png(stores: Stores, run_id: str, path: Path) -> str:
    """Draw expected profit against budget of a run's own candidates; returns it in words."""
    run, curve = run_header(stores, run_id), curve_of(stores, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(budget_picture(curve, run.budget_minor))
    return budget_words(curve)


def budget_picture(curve: "BudgetCurve", budget_minor: int | None) -> bytes:
    """PNG: what each budget brings, how far a better plan could go, and where this run is."""
    from io import BytesIO

    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    _lines(axes, curve)
    if budget_minor is not None:
        _here(axes, curve, budget_minor)
    _dress(axes, curve)
    figure.legend(loc="outside lower left", ncols=4, frameon=False, fontsize=9)
    picture = BytesIO()
    words = {"Software": None, "Description": budget_words(curve)}
    figure.savefig(picture, format="png", metadata=words)
    return picture.getvalue()


def budget_words(curve: "BudgetCurve") -> str:
    """The same picture in words."""
    points = "; ".join(
        f"{budget / curve.scale:,.0f} brings {value / curve.scale:,.0f}"
        for budget, value in zip(curve.budget.tolist(), curve.value.tolist(), strict=True)
    )
    return f"Expected profit against budget, {curve.currency}: {points}."


def _lines(axes: "Axes", curve: "BudgetCurve") -> None:
    budget, value = curve.budget / curve.scale, curve.value / curve.scale
    bound = curve.bound / curve.scale
    axes.fill_between(budget, value, bound, color=BAND, lw=0, zorder=2,
                      label="no plan can do better than the top")  # fmt: skip
    axes.plot(budget, value, color=ACCENT, lw=2.4, marker="o", ms=4.5, zorder=4,
              label="expected profit")  # fmt: skip


def _here(axes: "Axes", curve: "BudgetCurve", budget_minor: int) -> None:
    import numpy as np

    at = max(budget_minor, 0)
    value = float(np.interp(at, curve.budget, curve.value)) / curve.scale
    axes.axvline(at / curve.scale, color=PULSE, lw=1.0, ls=(0, (3, 2)), zorder=3)
    axes.plot([at / curve.scale], [value], ls="", marker="D", ms=7, color=PULSE, mec="white",
              zorder=5, label="the budget of this plan")  # fmt: skip


def _dress(axes: "Axes", curve: "BudgetCurve") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    thousands = FuncFormatter(_grouped)
    axes.xaxis.set_major_formatter(thousands)
    axes.yaxis.set_major_formatter(thousands)
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel(f"budget, {curve.currency}", color=INK)
    axes.set_ylabel(f"expected profit above buying nothing, {curve.currency}", color=INK)
    axes.set_title("What more cash would bring", loc="left", color=INK, fontsize=13)
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=0.0)
    axes.tick_params(colors=MUTED)
    axes.grid(visible=True, axis="y", color=MUTED, alpha=0.25)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _grouped(amount: float, _place: int | None = None) -> str:
    return f"{amount:,.0f}"
