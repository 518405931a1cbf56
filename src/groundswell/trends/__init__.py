"""Floor 3: many waves and houses become one level through time."""

from groundswell.face import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
