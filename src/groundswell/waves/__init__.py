"""Floor 1: what came in. Survey folders, their published shares and their respondents, read and checked."""

from groundswell.face import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
