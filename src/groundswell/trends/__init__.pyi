from .answers.fit import fit_trend as fit_trend
from .answers.many import fit_trends as fit_trends
from .answers.trend import Trend as Trend
from .compared.comparisons import comparisons as comparisons
from .compared.wave_changes import wave_changes as wave_changes
from .data.observations import observations as observations
from .data.scales import on_scale as on_scale
from .data.unknown_n import FLAGS as FLAGS
