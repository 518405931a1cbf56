"""Floor 2: from respondents to shares with honest errors."""

from groundswell.estimates.calibration import calibrate
from groundswell.estimates.chi_square import chi_square
from groundswell.estimates.contrasts import changes, contrast, slope
from groundswell.estimates.design import Design
from groundswell.estimates.diagnostics import margin_distances, weight_diagnostics
from groundswell.estimates.overlap import shared_between_waves
from groundswell.estimates.regression import regression
from groundswell.estimates.shares import means, shares, shares_and_covariance, shares_covariance
from groundswell.estimates.totals import ratios, totals
from groundswell.estimates.weighting import post_stratify, rake, trim

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
