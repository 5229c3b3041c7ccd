"""The picture of a replay: how much stock each policy held, and how much demand it filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.views.charts import ACCENT, DOTS_PER_INCH, INK, MUTED
from engine.model.money import exponent
from engine.service.replay import NOTHING, OURS, ReplayReport
from engine.simulate.bootstrap import LEVEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE_INCHES = (9.0, 5.2)
LABEL = (7, 6)  # points from a mark to its name


@dataclass(frozen=True, kw_only=True)
class Place:
    """A policy in the picture: value, low and high of its stock (base currency) and fill rate."""

    policy: str
    stock: tuple[float, float, float]
    fill: tuple[float, float, float]
    on_frontier: bool = False


def replay_picture(report: ReplayReport, path: Path) -> Path:
    """Draw the replay to a PNG file; its alternative text is the file's own description."""
    from matplotlib.figure import Figure

    places = places_of(report)
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.add_subplot()
    _frontier(axes, places)
    for place in places:
        _mark(axes, place)
    _dress(axes, report)
    path.parent.mkdir(parents=True, exist_ok=True)
    words = {"Software": None, "Description": replay_words(report)}
    figure.savefig(path, format="png", metadata=words)
    return path


def places_of(report: ReplayReport) -> list[Place]:
    """Every policy but ordering nothing, by stock; those that none beats on both are marked."""
    scale = 10 ** exponent(report.currency)
    found: list[Place] = []
    for name, estimate in report.estimates.items():
        if name != NOTHING:
            stock, fill = estimate["average_stock"], estimate["fill_rate"]
            found.append(
                Place(
                    policy=name,
                    stock=(stock.value / scale, stock.low / scale, stock.high / scale),
                    fill=(fill.value, fill.low, fill.high),
                )
            )
    found.sort(key=lambda each: (each.stock[0], -each.fill[0], each.policy))
    return _with_frontier(found)


def replay_words(report: ReplayReport) -> str:
    """The same picture in words."""
    places = places_of(report)
    told = "; ".join(
        f"{each.policy} filled {each.fill[0]:.1%} with {each.stock[0]:,.0f} on average"
        for each in places
    )
    best = " and ".join(each.policy for each in places if each.on_frontier)
    return (
        f"Fill rate against stock in {report.currency} over the replayed weeks: {told}. "
        f"No other policy filled more with less stock than {best}."
    )


def _with_frontier(places: Sequence[Place]) -> list[Place]:
    """In order of stock, what fills more than everything with less."""
    best, marked = -1.0, list[Place]()
    for each in places:
        is_better = each.fill[0] > best
        marked.append(
            Place(policy=each.policy, stock=each.stock, fill=each.fill, on_frontier=is_better)
        )
        best = max(best, each.fill[0])
    return marked


def _frontier(axes: "Axes", places: Sequence[Place]) -> None:
    """Steps: what can be filled with no more than so much stock by one of these policies."""
    best = [each for each in places if each.on_frontier]
    axes.step([each.stock[0] for each in best], [100 * each.fill[0] for each in best],
              where="post", color=MUTED, lw=1.2, ls=(0, (4, 3)), zorder=2)  # fmt: skip


def _mark(axes: "Axes", place: Place) -> None:
    (stock, *stocks), (fill, *fills) = place.stock, [100 * each for each in place.fill]
    is_ours = place.policy == OURS
    color = ACCENT if is_ours else INK
    axes.plot(stocks, [fill, fill], color=color, lw=1.1, alpha=0.55, zorder=3)
    axes.plot([stock, stock], fills, color=color, lw=1.1, alpha=0.55, zorder=3)
    axes.plot([stock], [fill], ls="", marker="D" if is_ours else "o", ms=8 if is_ours else 6.5,
              color=color, mec="white", zorder=4)  # fmt: skip
    axes.annotate(place.policy, (stock, fill), LABEL, textcoords="offset points", color=color,
                  fontsize=10, fontweight="bold" if is_ours else "normal", zorder=5,
                  bbox={"fc": "white", "ec": "none", "alpha": 0.85, "pad": 1.0})  # fmt: skip


def _dress(axes: "Axes", report: ReplayReport) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))
    axes.set_xlabel(f"stock on average, at cost, {report.currency}", color=INK)
    axes.set_ylabel("fill rate: units sold of units wanted", color=INK)
    axes.set_title(
        f"{report.weeks} weeks replayed, {report.first_day:%d %b %Y} to {report.last_day:%d %b %Y}",
        loc="left", color=INK, fontsize=13, pad=22,
    )  # fmt: skip
    axes.text(
        0.0, 1.015, f"Better is up and to the left; the bars hold {LEVEL:.0%} of what chance among "
        "the items leaves open.", transform=axes.transAxes, va="bottom", color=MUTED, fontsize=9,
    )  # fmt: skip
    axes.margins(x=0.12, y=0.12)
    axes.tick_params(colors=MUTED)
    axes.grid(visible=True, color=MUTED, alpha=0.2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
