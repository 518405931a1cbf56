"""Floor 3: many waves and houses become one level through time."""

from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.trend import Trend, fit_trend
from groundswell.trends.data.effective_n import FLAGS
from groundswell.trends.data.observations import observations

__all__ = ["FLAGS", "Trend", "fit_trend", "fit_trends", "observations"]
