"""Floor 2: from respondents to shares with honest errors."""

from groundswell.estimates.design.design import Design
from groundswell.estimates.design.overlap import shared_between_waves
from groundswell.estimates.statistics.chi_square import chi_square
from groundswell.estimates.statistics.contrasts import changes, contrast, slope
from groundswell.estimates.statistics.regression import regression
from groundswell.estimates.statistics.shares import means, shares, shares_and_covariance, shares_covariance
from groundswell.estimates.statistics.totals import ratios, totals
from groundswell.estimates.weighting.calibration import calibrate
from groundswell.estimates.weighting.diagnostics import margin_distances, weight_diagnostics
from groundswell.estimates.weighting.raking import post_stratify, rake, trim

__all__ = [
    "Design",
    "calibrate",
    "changes",
    "chi_square",
    "contrast",
    "margin_distances",
    "means",
    "post_stratify",
    "rake",
    "ratios",
    "regression",
    "shared_between_waves",
    "shares",
    "shares_and_covariance",
    "shares_covariance",
    "slope",
    "totals",
    "trim",
    "weight_diagnostics",
]
