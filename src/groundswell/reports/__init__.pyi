from .notebook.calibration import Calibration as Calibration
from .notebook.calibration import open_calibration as open_calibration
from .notebook.own_report import save_report as save_report
from .notebook.report import Report as Report
from .notebook.report import open_report as open_report
from .notebook.wave_profile import WaveProfile as WaveProfile
from .notebook.wave_profile import open_profile as open_profile
