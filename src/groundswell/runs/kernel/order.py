"""How one kernel is to be started: all in which it differs from the next one, for a process that starts it.

>>> order = Order("/run/kernel.json", "/run/kernel.log", "/run/ended.json", 0, "/project/notebooks", {"TZ": "UTC"})
>>> Order.from_bytes(order.to_bytes()) == order
True
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Order:
    """A kernel's `connection` file, `log`, the file of how it `ended`, the bytes of `memory` that it may take (0: no
    limit), its working folder and its whole environment."""

    connection: str
    log: str
    ended: str
    memory: int
    working_folder: str
    environment: dict[str, str]

    @property
    def arguments(self) -> list[str]:
        """What the kernel's command line says."""
        history = ["--HistoryManager.hist_file=:memory:", "--HistoryManager.enabled=False"]
        return ["-f", self.connection, *history]

    def to_bytes(self) -> bytes:
        """The order as it is sent to a server."""
        return json.dumps(asdict(self)).encode("ascii")

    @classmethod
    def from_bytes(cls, sent: bytes) -> Order:
        """The order that was sent."""
        return cls(**json.loads(sent))
