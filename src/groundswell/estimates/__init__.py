"""Floor 2: from respondents to shares with honest errors."""

from groundswell.face import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
