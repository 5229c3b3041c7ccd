"""Loss functions: the expected shortage of a stock level against a random demand.

Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed., appendix C.
"""

import math

from scipy import special


def normal_density(z: float) -> float:
    """Density of the standard normal."""
    return math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def normal_cdf(z: float) -> float:
    return float(special.ndtr(z))


def normal_quantile(probability: float) -> float:
    return float(special.ndtri(probability))


def standard_normal_loss(z: float) -> float:
    """E[(Z - z)+] for a standard normal Z, often written n(z) or G(z); eq. (C.22)."""
    return normal_density(z) - z * normal_cdf(-z)


def normal_loss(level: float, mean: float, sd: float) -> float:
    """E[(X - level)+] in units for a normal X; with sd 0 the demand is certain. Eq. (C.31)."""
    if sd <= 0:
        return max(mean - level, 0.0)
    return sd * standard_normal_loss((level - mean) / sd)


def poisson_pmf(units: int, mean: float) -> float:
    if mean == 0:
        return float(units == 0)
    return math.exp(units * math.log(mean) - mean - math.lgamma(units + 1))


def poisson_cdf(units: int, mean: float) -> float:
    return float(special.pdtr(units, mean)) if units >= 0 else 0.0


def poisson_loss(level: int, mean: float) -> float:
    """E[(X - level)+] in units for a Poisson X and a whole level (appendix C)."""
    above = 1 - poisson_cdf(level, mean)
    return (mean - level) * above + mean * poisson_pmf(level, mean)
