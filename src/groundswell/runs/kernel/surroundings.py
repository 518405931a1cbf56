"""Which of the user's environment variables a kernel gets: a short list, so that no token of the user's is among them.

A token that a cell does not have cannot be printed on a page. What else a notebook needs is named in
`GROUNDSWELL_KERNEL_ENV`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from groundswell.one_thread import one_thread

KERNEL_ENV = "GROUNDSWELL_KERNEL_ENV"

PASSED = (
    # where programs, libraries and their settings are
    *("PATH", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"),
    # language, letters and time
    *("LANG", "LANGUAGE", "TZ", "TZDIR"),
    # certificates; not proxies, whose addresses may hold a password
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""Passed where they are set, as all that begin with `LC_`."""

FIXED = {"PYTHONHASHSEED": "0", "PLOTLY_RENDERER": "plotly_mimetype"}
"""What is the same in every kernel: a plotly figure is shown as what it holds, which the page draws."""


def surroundings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that a kernel gets from `environment`, among them those that `GROUNDSWELL_KERNEL_ENV` names."""
    asked = {name.strip() for name in environment.get(KERNEL_ENV, "").split(",")}
    passed = {
        name: value
        for name, value in environment.items()
        if name in PASSED or name in asked or name.startswith("LC_")
    }
    return one_thread(environment) | passed
