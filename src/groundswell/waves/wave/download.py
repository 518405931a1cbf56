"""Fetching a public wave from where its publisher keeps it.

The file is written under a passing name and takes its own only when its checksum is the stated one, so that
half a file is never mistaken for a wave. A download that broke off goes on where it stopped.
"""

from __future__ import annotations

import http.client
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groundswell.checksum import checksum
from groundswell.errors import GroundswellError, InputError
from groundswell.waves.wave.wave_toml import Wave

CHUNK_BYTES = 1 << 18
ATTEMPTS = 3
SECONDS = 30
"""How long a silent server is waited for."""


def fetch_wave(wave: Wave) -> Path:
    """Download the wave's respondents to where its TOML says, unless they are there already.

    Raises: InputError where the TOML states no `download` address, or the publisher's file is another one
    than its checksum says; GroundswellError where the publisher cannot be reached.
    """
    if wave.download is None:
        raise InputError(
            f"`{wave.toml.name}` states no `download` address, so `{wave.file}` cannot be fetched: "
            "get it from its publisher and put it there"
        )
    if wave.respondents.is_file() and checksum(wave.respondents) == wave.sha256:
        return wave.respondents
    return fetch(wave.download, wave.respondents, sha256=wave.sha256)


def fetch(address: str, file: Path, *, sha256: str) -> Path:
    """Download `address` to `file`, going on where an earlier try stopped.

    Raises: InputError where the address is not a web address, or what arrives has another checksum (nothing is
    kept); GroundswellError where the server cannot be reached or breaks off again and again (what arrived
    is kept).
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise InputError(f"`{address}` is not a web address: it must start with https:// or http://")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    _download(address, part)
    got = checksum(part)
    if got != sha256:
        part.unlink()
        raise InputError(
            f"`{address}` gave a file with SHA-256 {got}, the wave states {sha256}: the publisher has changed it, "
            "or the address is wrong; nothing was kept"
        )
    return part.replace(file)


def _download(address: str, part: Path) -> None:
    """Bring `part` to its whole length, in as many as `ATTEMPTS` tries."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _continue(address, part)
        except urllib.error.HTTPError as error:
            raise GroundswellError(
                f"`{address}` answered {error.code} {error.reason}: look for the file's new address at its publisher"
            ) from error
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if attempt == ATTEMPTS:
                reason = getattr(error, "reason", None) or error
                raise GroundswellError(_offline(address, part, str(reason))) from error
        else:
            return


def _offline(address: str, part: Path, reason: str) -> str:
    """What to do without the network."""
    kept = (
        f" {part.stat().st_size:,} bytes are kept, and the next try goes on from there."
        if part.exists()
        else ""
    )
    return (
        f"`{urlsplit(address).hostname}` cannot be reached ({reason}): this machine is offline, or the publisher is."
        f"{kept} Try again later, or bring the file to `{part.with_suffix('')}` by hand"
    )


def _continue(address: str, part: Path) -> None:
    """One try: ask for what is missing and add it."""
    begin = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "groundswell"} | ({"Range": f"bytes={begin}-"} if begin else {})
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  # the scheme was checked
    try:
        response = urllib.request.urlopen(request, timeout=SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begin:
            return  # all of it is here; the checksum tells whether it is the right file
        raise
    with response:
        goes_on = response.status == http.HTTPStatus.PARTIAL_CONTENT
        total = int(response.headers.get("Content-Length") or 0) + (begin if goes_on else 0)
        with part.open("ab" if goes_on else "wb") as stream, _bar(total, begin if goes_on else 0) as bar:
            while chunk := response.read(CHUNK_BYTES):
                stream.write(chunk)
                bar.update(len(chunk))
        if total and part.stat().st_size < total:
            raise http.client.IncompleteRead(b"", total - part.stat().st_size)


def _bar(total: int, begin: int) -> Any:
    """A progress bar in bytes on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    return tqdm(
        total=total or None,
        initial=begin,
        unit="B",
        unit_scale=True,
        delay=2.0,
        leave=False,
        disable=not sys.stderr.isatty(),
        file=sys.stderr,
        desc="fetching",
    )
