from .notebook.report import Report as Report
from .notebook.report import open_report as open_report
from .notebook.wave_profile import WaveProfile as WaveProfile
from .notebook.wave_profile import open_profile as open_profile
