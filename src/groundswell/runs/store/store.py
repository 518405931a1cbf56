"""An object store, or any other place that fsspec opens: files by their paths in a project, calls that are tried again.

Credentials are the library's own matter (environment variables, a role of the machine): they are never read, kept or
printed here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from groundswell.errors import GroundswellError, InputError

PAUSES = (1.0, 4.0, 16.0)
"""Seconds before the second, third and fourth attempt at a call that failed."""

Answer = TypeVar("Answer")


class StoreError(GroundswellError):
    """A store did not do what it was asked, also when it was asked again."""


class Store:
    """A project's place in a store, such as `s3://bucket/project`."""

    def __init__(self, url: str) -> None:
        """Open it; nothing is asked of it yet.

        Raises: InputError where the address is none, or the library for such stores is not installed.
        """
        scheme, _, place = url.partition("://")
        if not (scheme and place.strip("/")):
            raise InputError(
                f"`store=` is an address such as `s3://bucket/project` or `file:///srv/project`, got `{url}`"
            )
        self.name = _without_password(url)
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise InputError("`store=` needs the package fsspec: install `groundswell[cluster]`") from error
        local = url.startswith(("file:", "local:"))
        try:
            self._files, root = url_to_fs(url, **({"auto_mkdir": True} if local else {}))
        except ImportError as error:
            raise InputError(
                f"`store=`: the library for such a store is not installed, `{self.name}`: {error}"
            ) from error
        except ValueError as error:
            raise InputError(
                f"`store=` is an address such as `s3://bucket/project`, got `{self.name}`: {error}"
            ) from error
        self._root = root.rstrip("/")

    def names(self, folder: str) -> dict[str, str]:
        """The paths of all files under a folder of the project, each with a mark that changes when the file does."""

        def look() -> dict[str, Any]:
            self._files.invalidate_cache()
            try:
                found: dict[str, Any] = self._files.find(self._place(folder), detail=True)
            except FileNotFoundError:
                return {}
            return found

        return {
            path[len(self._root) + 1 :]: _mark(about) for path, about in self._tried(look, folder).items()
        }

    def read(self, path: str) -> bytes | None:
        """The content of a file; None where there is none."""

        def read() -> bytes | None:
            try:
                content: bytes = self._files.cat_file(self._place(path))
            except FileNotFoundError:
                return None
            return content

        return self._tried(read, path)

    def send(self, file: Path, path: str) -> None:
        """Write a file of this machine to the store, in the place of what may be there."""
        self._tried(lambda: self._files.put_file(str(file), self._place(path)), path)

    def create(self, path: str, content: bytes) -> bool:
        """Write a file where there is none; whether it was written.

        Stores that can (S3) refuse in the same step. On others it is looked and then written: of two that do so in the
        same moment the later one's content stays, and each finds by reading whose that is.
        """

        def write() -> bool:
            try:
                self._files.pipe_file(self._place(path), content, mode="create")
            except OSError:  # S3 has its own words for a file that is there
                if self.read(path) is None:
                    raise
            return self.read(path) == content

        return self._tried(write, path)

    def remove(self, path: str) -> None:
        """Remove a file, where it is there."""

        def remove() -> None:
            try:
                self._files.rm_file(self._place(path))
            except FileNotFoundError:
                return

        self._tried(remove, path)

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _tried(self, call: Callable[[], Answer], path: str) -> Answer:
        """What a call answers; one that fails is made again, after longer and longer pauses.

        Raises: StoreError where the last one failed too, or the store does not allow it.
        """
        for pause in (*PAUSES, None):
            try:
                return call()
            except StoreError:
                raise
            except PermissionError as error:
                raise StoreError(
                    f"`{self.name}/{path}`: the store does not allow it; its library looks for credentials in the "
                    "environment"
                ) from error
            except Exception as error:  # libraries of stores have errors of their own
                if pause is None:
                    raise StoreError(
                        f"`{self.name}/{path}`: the store failed {len(PAUSES) + 1} times, {type(error).__name__}"
                        f"{f': {error}' if str(error) else ''}"
                    ) from error
                time.sleep(pause)
        raise AssertionError


def safe(path: str) -> bool:
    """Whether a file of a store may have a place in the project: no way upward, nothing hidden."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not any(part.startswith((".", "~")) or "\\" in part for part in parts)


def _mark(about: dict[str, Any]) -> str:
    """What a store says of a file that changes with its content: its checksum there, or its size and time."""
    told = about.get("ETag") or [about.get("mtime"), about.get("created"), about.get("LastModified")]
    return f"{about.get('size')} {told}"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}".rstrip("/")
