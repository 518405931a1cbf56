"""One thread for the libraries of linear algebra, unless the user says otherwise.

The matrices here are small. Two threads that wait for each other over one of 100 rows take longer than one alone, and
several times as long where something else runs on the machine: what a report of Russia's mood says of changes took 12
seconds of CPU time instead of 4.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def keep_to_one_thread(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set what is not set; it counts for libraries that are imported later, and for processes that are started."""
    environment.update(one_thread(environment))


def one_thread(environment: Mapping[str, str]) -> dict[str, str]:
    """What these variables are to be where `environment` may have some of them.

    Example:
        >>> one_thread({"OMP_NUM_THREADS": "8"})
        {'OMP_NUM_THREADS': '8', 'OPENBLAS_NUM_THREADS': '1', 'MKL_NUM_THREADS': '1'}
    """
    return {name: environment.get(name, "1") for name in THREADS}
