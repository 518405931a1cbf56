"""Kernels for notebooks: started early from this interpreter, closed to the network, ended at once.

A kernel is ready to be started before Jupyter's libraries are imported here: the connection file is ours. It
talks over Unix sockets in a folder that only this user can open, sees nothing of the user's Jupyter or
IPython settings (a report made by hand and one made by cron are the same) and little of the environment, and ends when
this process does, however that comes, with all that it started: `guardian.py` sees to that.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from groundswell.errors import RunError
from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY
from groundswell.runs.kernel import guardian
from groundswell.runs.kernel.limits import MEMORY, Limits, in_words, read_limits
from groundswell.runs.kernel.order import Order
from groundswell.runs.kernel.surroundings import FIXED, surroundings
from groundswell.runs.kernel.warm import ForkedGuardian, KernelServer

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

CONNECTION_FILE = "kernel.json"
LOG_FILE = "kernel.log"
ENDED_FILE = "ended.json"
TEMPORARY = "tmp"
"""The kernel's own folder for temporary files: what a cell leaves there goes with the run's folder."""

SECONDS_TO_END = 10
"""How long a guardian that does not end is waited for; one that a cell has stopped must not stop the run."""

SOCKETS_PREFIX = "groundswell-kernel-"
LONGEST_SOCKET_FOLDER = 90
"""Characters: a Unix socket's path may have 107 (macOS: 103), and the kernel adds a channel's number."""

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class Guardian(subprocess.Popen[bytes]):
    """The process that keeps a kernel: whatever signal it is sent, it ends the kernel and then itself."""

    def send_signal(self, sig: int) -> None:  # noqa: ARG002 - Popen's own signature
        """Let go of the lifeline, so that all is ended; return without waiting."""
        if self.stdin is not None:
            self.stdin.close()


@dataclass(frozen=True)
class Kernel:
    """A running kernel. `folder` holds its connection file and log, `saves` what the notebook saves."""

    process: subprocess.Popen[bytes] | ForkedGuardian
    folder: Path
    limits: Limits

    @property
    def saves(self) -> Path:
        """The folder that becomes the published report."""
        return self.folder / "report"

    @property
    def kind(self) -> Literal["warm", "cold"]:
        """Whether it was forked from a server, or has a Python of its own."""
        return "warm" if isinstance(self.process, ForkedGuardian) and self.process.is_forked else "cold"

    def manager(self) -> AsyncKernelManager:
        """This kernel as Jupyter's libraries see one; starting and ending it stays here."""
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_client.provisioning.local_provisioner import LocalProvisioner

        manager = AsyncKernelManager(connection_file=str(self.folder / CONNECTION_FILE))
        manager.load_connection_file()
        provisioner = LocalProvisioner(parent=manager)
        provisioner.process = self.process  # type: ignore[assignment]  # a forked one shows itself as a Popen
        manager.provisioner = provisioner
        return manager

    def end(self) -> None:
        """End the kernel and whatever it started, at once (asking it politely costs half a second)."""
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGKILL)  # the kernel ends with it
            self.process.wait()
        remove_sockets(self.folder)

    def ended(self) -> guardian.Ended:
        """How the kernel ended by itself, once it has; empty where it was ended."""
        self.end()
        try:
            came: guardian.Ended = json.loads((self.folder / ENDED_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return came


def start_kernel(
    folder: Path,
    working_folder: Path,
    survey: Path | None,
    server: KernelServer | None = None,
    told: Mapping[str, str] | None = None,
) -> Kernel:
    """Start a kernel for one run and return without waiting for it.

    `folder` is the run's own, empty; cells run in `working_folder`, as they do in JupyterLab. `survey` is the folder of
    the project's survey that is to be published: whatever the cells do, they are told this one; None where nothing is
    to be published. Where there is a `server`, it forks the kernel. `told` are further variables of its environment.

    Raises: InputError where a setting states no limit; RunError where the sockets have no place.
    """
    limits = read_limits()
    (folder / "report").mkdir()
    (folder / TEMPORARY).mkdir(mode=0o700)
    sockets = _sockets_folder()
    try:
        _write_connection(folder / CONNECTION_FILE, sockets)
        order = Order(
            connection=str(folder / CONNECTION_FILE),
            log=str(folder / LOG_FILE),
            ended=str(folder / ENDED_FILE),
            memory=int(limits.memory) if math.isfinite(limits.memory) else 0,
            working_folder=str(working_folder),
            environment=_environment(folder, survey) | dict(told or {}),
        )
        start_cold = partial(_start_cold, order)
        process = start_cold() if server is None else server.fork(order, start_cold)
    except BaseException:
        shutil.rmtree(sockets, ignore_errors=True)
        raise
    return Kernel(process, folder, limits)


def _write_connection(file: Path, sockets: Path) -> None:
    """Write how the kernel is spoken to, with the key that only this user may read."""
    described = {f"{channel}_port": number for number, channel in enumerate(_CHANNELS, start=1)} | {
        "transport": "ipc",
        "ip": str(sockets / "channel"),
        "key": secrets.token_hex(32),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(described), encoding="utf-8")


def _start_cold(order: Order) -> Guardian:
    """Start a guardian with a kernel that has a Python of its own."""
    # -P: a file next to the notebook must not stand in for a library's module of the same name.
    kernel = [sys.executable, "-P", "-m", "groundswell.runs.kernel.process", *order.arguments]
    kept = [order.log, order.ended, str(order.memory)]
    return Guardian(
        [sys.executable, "-I", "-S", guardian.__file__, *kept, *kernel],
        cwd=order.working_folder,
        env=order.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches this process only, which then ends the kernel
    )


def how_it_ended(kernel: Kernel) -> str:
    """How a kernel that did not answer any more ended, as the end of a sentence about the cell that was running."""
    match kernel.ended():
        case {"memory": taken}:
            most = in_words(kernel.limits.memory)
            return f"took {in_words(taken)} of memory with all that it started; `{MEMORY}` allows {most}"
        case {"signal": signal.SIGKILL}:
            return "was killed (SIGKILL), as the system does where memory runs out"
        case {"signal": number}:
            return f"crashed its kernel ({signal.Signals(number).name})"
        case {"exit": code}:
            return f"ended its kernel, with exit code {code}"
        case _:
            return "lost its kernel, which did not answer any more"


def remove_sockets(folder: Path) -> None:
    """Remove the sockets of the kernel that was started for `folder`, also after a run that was killed."""
    try:
        described = json.loads((folder / CONNECTION_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return
    sockets = Path(described["ip"]).parent
    if sockets.name.startswith(SOCKETS_PREFIX):
        shutil.rmtree(sockets, ignore_errors=True)
    (folder / CONNECTION_FILE).unlink()


def _sockets_folder() -> Path:
    """A new folder for the sockets that only this user can open, with a path short enough for one."""
    parent = tempfile.gettempdir()
    if len(parent) + len(SOCKETS_PREFIX) + 8 > LONGEST_SOCKET_FOLDER:
        raise RunError(
            f"`TMPDIR`: a kernel's sockets need a folder with a short path, got `{parent}`; "
            "set TMPDIR to a shorter one"
        )
    return Path(tempfile.mkdtemp(prefix=SOCKETS_PREFIX, dir=parent))


def _environment(folder: Path, survey: Path | None) -> dict[str, str]:
    """The kernel's environment: little of the user's, the run's folders and survey, nobody's IPython settings."""
    own = FIXED | {"TMPDIR": str(folder / TEMPORARY)}
    told = {"IPYTHONDIR": str(folder / "ipython")}
    if survey is not None:
        told |= {RUN_FOLDER: str(folder / "report"), RUN_SURVEY: str(survey.absolute())}
    return own | surroundings() | told
