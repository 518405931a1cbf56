"""Series with a known truth, for tests, tutorials and the study of calibration."""

from groundswell.simulate.scenarios import POOLED, SCENARIOS, Scenario
from groundswell.simulate.series import SimulatedSeries, simulate_series

__all__ = ["POOLED", "SCENARIOS", "Scenario", "SimulatedSeries", "simulate_series"]
