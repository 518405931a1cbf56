"""Floor 3: many waves and houses become one level through time."""

from groundswell.trends.answers.comparisons import comparisons
from groundswell.trends.answers.fit import fit_trend
from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.trend import Trend
from groundswell.trends.data.effective_n import FLAGS
from groundswell.trends.data.observations import observations

__all__ = ["FLAGS", "Trend", "comparisons", "fit_trend", "fit_trends", "observations"]
