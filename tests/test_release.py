"""A release is built from its tag: the version is the tag's, and the changelog says what is in it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

NEEDED = ("src", "notebooks", ".ci", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """What a release is built from, with a changelog of one version that is not the present one."""
    for name in NEEDED:
        if (repository / name).is_dir():
            shutil.copytree(repository / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(repository / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.0.9, 2026-01-01\n\n- Old.\n")
    return tmp_path


def version_of(checkout: Path) -> str:
    text = (checkout / "src" / "groundswell" / "version.py").read_text(encoding="utf-8")
    return re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)[0]


def release(checkout: Path, tag: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BIN": str(Path(sys.executable).parent)}
    return subprocess.run(
        [checkout / ".ci" / "release", tag], env=environment, capture_output=True, text=True, check=False
    )


def test_a_tag_that_is_not_the_version_is_refused(checkout: Path) -> None:
    refused = release(checkout, "v0.0.9")
    assert refused.returncode == 2
    assert f"whose tag is v{version_of(checkout)}" in refused.stderr
    assert not (checkout / "dist").exists()


def test_a_version_without_its_section_in_the_changelog_is_refused(checkout: Path) -> None:
    refused = release(checkout, f"v{version_of(checkout)}")
    assert refused.returncode == 2
    assert "CHANGELOG.md has no section" in refused.stderr
    assert not (checkout / "dist").exists()


def test_a_release_is_a_wheel_with_its_checksum_and_its_own_notes(checkout: Path) -> None:
    version = version_of(checkout)
    with (checkout / "CHANGELOG.md").open("a") as changelog:
        changelog.write(f"\n## {version}, 2026-12-01\n\n- New.\n\n## 0.0.8, 2025-01-01\n\n- Older.\n")
    assert release(checkout, f"v{version}").returncode == 0
    wheel = checkout / "dist" / f"groundswell-{version}-py3-none-any.whl"
    checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert (checkout / "dist" / "SHA256SUMS").read_text() == f"{checksum}  {wheel.name}\n"
    assert (checkout / "build" / "notes.md").read_text().split() == ["-", "New."]
    with zipfile.ZipFile(wheel) as packed:
        metadata = packed.read(f"groundswell-{version}.dist-info/METADATA").decode()
        assert "groundswell/py.typed" in packed.namelist()
        # by these `verify` knows the notebook in a copy of a report, where there is no checkout
        laid = {Path(name).name for name in packed.namelist() if "share/groundswell/notebooks/" in name}
        assert laid == {"wave_report.ipynb", "wave_profile.ipynb", "calibration.ipynb"}
    assert f"Version: {version}\n" in metadata
    assert "Classifier: Operating System :: POSIX\n" in metadata
