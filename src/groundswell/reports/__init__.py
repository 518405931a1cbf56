"""Floor 4: what a reader sees. Findings, figures, tables, the page and the archive."""

from groundswell.face import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
