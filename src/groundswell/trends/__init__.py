"""Floor 3: many waves and houses become one level through time."""

from groundswell.trends.effective_n import FLAGS
from groundswell.trends.many import fit_trends
from groundswell.trends.series import observations
from groundswell.trends.trend import Trend, fit_trend

__all__ = ["FLAGS", "Trend", "fit_trend", "fit_trends", "observations"]
