"""Keep what nobody uses out of the start of every run: libraries that are shown as missing while others are imported.

`jsonschema` offers a check of internationalised addresses ("format": "iri") where `rfc3987_syntax` is
installed, and importing that package builds several Earley grammars: over a second in each process. Notebooks
hold no such format. papermill reads notebooks from S3 too, and imports `boto3` for it: a quarter of a second, for
notebooks that are files here. Both go without where these are missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("rfc3987_syntax", "boto3")


@contextmanager
def without_unused() -> Iterator[None]:
    """While this is open importing an unused library fails; one that was imported before stays as it is."""
    missing = [name for name in UNUSED if name not in sys.modules]
    for name in missing:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own word for "not to be found"
    try:
        yield
    finally:
        for name in missing:
            sys.modules.pop(name, None)
