"""Keep a grammar that nobody uses out of the start of every run.

`jsonschema` offers a check of internationalised addresses ("format": "iri") where `rfc3987_syntax` is
installed, and importing that package builds several Earley grammars: over a second in each process. Notebooks
hold no such format. `jsonschema` itself goes without where the package is missing, so it is shown as missing
while `jsonschema` is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """While this is open `import rfc3987_syntax` fails; one that was imported before stays as it is."""
    if GRAMMAR in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]  # the import system's own word for "not to be found"
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
