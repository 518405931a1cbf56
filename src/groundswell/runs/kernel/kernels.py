"""Kernels for notebooks: started early from this interpreter, closed to the network, ended at once.

A kernel is ready to be started before Jupyter's libraries are imported here: the connection file is ours. It
talks over Unix sockets in a folder that only this user can open, sees nothing of the user's Jupyter or
IPython settings (a report made by hand and one made by cron are the same), and ends when this process does,
however that comes.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.errors import RunError
from groundswell.one_thread import one_thread
from groundswell.reports.notebook.told_by_run import RUN_FOLDER, RUN_SURVEY

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

CONNECTION_FILE = "kernel.json"
LOG_FILE = "kernel.log"
SOCKETS_PREFIX = "groundswell-kernel-"
LONGEST_SOCKET_FOLDER = 90
"""Characters: a Unix socket's path may have 107 (macOS: 103), and the kernel adds a channel's number."""

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


@dataclass(frozen=True)
class Kernel:
    """A running kernel. `folder` holds its connection file and log, `saves` what the notebook saves."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def saves(self) -> Path:
        """The folder that becomes the published report."""
        return self.folder / "report"

    def manager(self) -> AsyncKernelManager:
        """This kernel as Jupyter's libraries see one; starting and ending it stays here."""
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_client.provisioning.local_provisioner import LocalProvisioner

        manager = AsyncKernelManager(connection_file=str(self.folder / CONNECTION_FILE))
        manager.load_connection_file()
        provisioner = LocalProvisioner(parent=manager)
        provisioner.process = self.process
        provisioner.pid = provisioner.pgid = self.process.pid
        manager.provisioner = provisioner
        return manager

    def end(self) -> None:
        """End the kernel and whatever it started, at once (asking it politely costs half a second)."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        remove_sockets(self.folder)


def start_kernel(folder: Path, working_folder: Path, survey: Path) -> Kernel:
    """Start a kernel for one run and return without waiting for it.

    `folder` is the run's own, empty; cells run in `working_folder`, as they do in JupyterLab. `survey` is the folder of
    the project's survey that is to be published: whatever the cells do, they are told this one.

    Raises: RunError where the sockets have no place or the process cannot be started.
    """
    connection = folder / CONNECTION_FILE
    sockets = _sockets_folder()
    (folder / "report").mkdir()
    described = {f"{channel}_port": number for number, channel in enumerate(_CHANNELS, start=1)} | {
        "transport": "ipc",
        "ip": str(sockets / "channel"),
        "key": secrets.token_hex(32),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
    }
    connection.touch(mode=0o600)
    connection.write_text(json.dumps(described), encoding="utf-8")
    # -P: a file next to the notebook must not stand in for a library's module of the same name.
    command = [sys.executable, "-P", "-m", "groundswell.runs.kernel.process", "-f", str(connection)]
    command += ["--HistoryManager.hist_file=:memory:", "--HistoryManager.enabled=False"]
    with (folder / LOG_FILE).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            cwd=working_folder,
            env=_environment(folder, sockets, survey),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this process only, which then ends the kernel
        )
    return Kernel(process, folder)


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


def _environment(folder: Path, sockets: Path, survey: Path) -> dict[str, str]:
    """The kernel's environment: the run's folder and survey, its parent, nobody's IPython settings, one thread."""
    return (
        os.environ
        | one_thread(os.environ)
        | {
            RUN_FOLDER: str(folder / "report"),
            RUN_SURVEY: str(survey.absolute()),
            "IPYTHONDIR": str(sockets / "ipython"),
            "JPY_PARENT_PID": str(os.getpid()),
            "PYTHONHASHSEED": "0",
        }
    )
