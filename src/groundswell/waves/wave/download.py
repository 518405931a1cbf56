"""Fetching a public wave from where its publisher keeps it.

The file is written under a passing name and takes its own only when its checksum is the stated one, so that
half a file is never mistaken for a wave. A download that broke off goes on where it stopped; one without end is ended.
"""

from __future__ import annotations

import http.client
import logging
import ssl
import sys
import urllib.error
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groundswell.checksum import checksum
from groundswell.errors import GroundswellError, InputError
from groundswell.happenings import tell
from groundswell.waves.wave.half_file import HalfFile, half_file
from groundswell.waves.wave.wave_toml import Wave
from groundswell.waves.wave.web import Deadline, ask, deadline_in, is_web_address

CHUNK_BYTES = 1 << 18
MEGABYTE = 1_000_000
ATTEMPTS = 3


@dataclass(frozen=True)
class Limits:
    """The most that one file may have and take; whoever trusts a publisher with more raises them."""

    megabytes: float = 2000
    minutes: float = 30


class _BrokeOffError(GroundswellError):
    """The server cannot be reached or broke off: what arrived is kept."""


def fetch_wave(wave: Wave, limits: Limits | None = None) -> Path:
    """Download the wave's respondents to where its TOML says, unless they are there already.

    Raises: InputError where the TOML states no `download` address, or the publisher's file is another one
    than its checksum says; GroundswellError where the publisher cannot be reached or gives more than `limits` allow.
    """
    if wave.download is None:
        raise InputError(
            f"`{wave.toml.name}` states no `download` address, so `{wave.file}` cannot be fetched: "
            "get it from its publisher and put it there"
        )
    if wave.respondents.is_file() and checksum(wave.respondents) == wave.sha256:
        return wave.respondents
    return fetch(wave.download, wave.respondents, sha256=wave.sha256, limits=limits)


def fetch(address: str, file: Path, *, sha256: str, limits: Limits | None = None) -> Path:
    """Download `address` to `file`, going on where an earlier try stopped.

    Raises: InputError where the address is not a web address, or what arrives has another checksum (nothing is
    kept); GroundswellError where the file is larger or takes longer than `limits` allow (nothing is kept), or the
    server cannot be reached or breaks off again and again (what arrived is kept), or the file cannot be written.
    """
    if not is_web_address(address):
        raise InputError(f"`{address}` is not a web address: it must start with https:// or http://")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with half_file(file, sha256, _BrokeOffError, KeyboardInterrupt) as half:
            _download(address, half, file, limits or Limits())
            half.stream.flush()
            got = checksum(half.path)
            if got != sha256:
                raise InputError(
                    f"`{address}` gave a file with SHA-256 {got}, the wave states {sha256}: the publisher has changed "
                    "it, or the address is wrong; nothing was kept"
                )
            return half.become(file)
    except OSError as error:
        raise _unwritable(file, error) from error


def _download(address: str, half: HalfFile, file: Path, limits: Limits) -> None:
    """Bring the half file to its whole length, in as many as `ATTEMPTS` tries and within the limits."""
    with deadline_in(limits.minutes * 60) as deadline:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _continue(address, half, file, limits, deadline)
            except urllib.error.HTTPError as error:
                error.close()
                raise GroundswellError(
                    f"`{address}` answered {error.code} {error.reason}: look for the file's new address at its "
                    "publisher"
                ) from error
            except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
                reason = getattr(error, "reason", None) or error
                if isinstance(reason, ssl.SSLCertVerificationError):
                    raise GroundswellError(_not_verified(address, reason)) from error
                if attempt == ATTEMPTS and not deadline.passed:
                    raise _BrokeOffError(_offline(address, half.bytes, file, str(reason))) from error
                tell("download tried again", logging.WARNING, host=urlsplit(address).hostname, tried=attempt)
            else:
                if not deadline.passed:
                    return
            if deadline.passed:
                raise GroundswellError(_too_long(address, half.bytes, limits))


def _not_verified(address: str, reason: ssl.SSLCertVerificationError) -> str:
    """What to do about a certificate that does not verify; trying again does not help."""
    return (
        f"`{urlsplit(address).hostname}` shows a certificate that does not verify ({reason.verify_message}): it is out "
        "of date or another host's, this machine's clock is wrong, or somebody stands between. Nothing was kept. Where "
        "your network has an authority of its own, name its file in `SSL_CERT_FILE`"
    )


def _offline(address: str, arrived: int, file: Path, reason: str) -> str:
    """What to do without the network."""
    kept = f" {arrived:,} bytes are kept, and the next try goes on from there." if arrived else ""
    return (
        f"`{urlsplit(address).hostname}` cannot be reached ({reason}): this machine is offline, or the publisher is."
        f"{kept} Try again later, or bring the file to `{file}` by hand"
    )


def _too_long(address: str, arrived: int, limits: Limits) -> str:
    return (
        f"`{address}` had given {arrived:,} bytes after {limits.minutes:g} minutes, the longest that is waited for; "
        "nothing was kept. If the file is large and the network slow, allow more with "
        f"`most_minutes={limits.minutes * 4:g}`"
    )


def _too_large(address: str, limits: Limits) -> str:
    return (
        f"`{address}` gives more than {limits.megabytes:g} MB, the most that is fetched; nothing was kept. If the file "
        f"is as large as that, allow more with `most_megabytes={limits.megabytes * 4:g}`"
    )


def _continue(address: str, half: HalfFile, file: Path, limits: Limits, deadline: Deadline) -> None:
    """One try: ask for what is missing and add it."""
    begin = half.bytes
    headers = {"User-Agent": "groundswell"} | ({"Range": f"bytes={begin}-"} if begin else {})
    try:
        response = ask(address, headers, deadline)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begin:
            return  # all of it is here; the checksum tells whether it is the right file
        raise
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            begin = 0
            half.stream.seek(begin)
            half.stream.truncate()
        most = limits.megabytes * MEGABYTE
        total = None if response.length is None else begin + response.length
        arrived = begin
        with _bar(total, begin) as bar:
            # `read1` hands out what is here: `read` would wait for a whole chunk
            while (total or 0) <= most and (chunk := response.read1(CHUNK_BYTES)):
                arrived += len(chunk)
                if arrived > most:
                    break
                _write(half, file, chunk)
                bar.update(len(chunk))
    if max(arrived, total or 0) > most:
        raise GroundswellError(_too_large(address, limits))
    if total is not None and arrived < total:
        raise http.client.IncompleteRead(b"", total - arrived)


def _write(half: HalfFile, file: Path, chunk: bytes) -> None:
    try:
        half.stream.write(chunk)
    except OSError as error:  # told here, lest it be taken for the network's
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> GroundswellError:
    return GroundswellError(
        f"`{file}` cannot be written: {error.strerror}; nothing was kept. Make room for it, or see who may write there"
    )


def _bar(total: int | None, begin: int) -> Any:
    """A progress bar in bytes on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    return tqdm(
        total=total,
        initial=begin,
        unit="B",
        unit_scale=True,
        delay=2.0,
        leave=False,
        disable=not sys.stderr.isatty(),
        file=sys.stderr,
        desc="fetching",
    )
