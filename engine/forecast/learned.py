"""What the history says, per series, before any plan for the future enters."""

from dataclasses import dataclass

import pandas as pd

from engine.demand.arrays import Floats, Ints
from engine.forecast.assembly import Course
from engine.forecast.backtest import Standpoint
from engine.forecast.boosted.challenge import Challenge
from engine.forecast.combine import Shares
from engine.forecast.family_effects import FamilyEffects
from engine.forecast.newcomers import Newcomers
from engine.forecast.newcomers_evidence import Evidence
from engine.forecast.noise import Errors
from engine.forecast.pulses import Pulses
from engine.forecast.silence import Silent
from engine.model.forecast import DemandNoise


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Fitted parameters; `engine.forecast.outlook` turns them and plans into a forecast."""

    series: pd.DataFrame  # the panel's
    here: Standpoint
    classes: Ints
    shares: Shares
    course: Course
    recorded_share: Floats  # [series] level that the records alone would give, over the level
    pulses: Pulses
    newcomers: Newcomers
    family: FamilyEffects
    silent: Silent
    evidence: Evidence
    errors: Errors
    noise: DemandNoise
    challenge: Challenge | None
    alone: bool  # too few series and too short a history to compare with others
    challenge_note: str  # why there is no challenger; empty where there is one
