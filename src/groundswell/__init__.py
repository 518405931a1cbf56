"""groundswell follows how a public feels, wave after wave: survey waves in, dated HTML reports out.

The public names are listed in `__init__.pyi`; each has an example that runs in the folder of the project, where
groundswell is imported as `gs`, pandas as `pd` and numpy as `np`.
"""

from groundswell.face import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
