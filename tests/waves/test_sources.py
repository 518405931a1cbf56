"""Fetching a wave from its publisher, played by a server on this machine."""

from __future__ import annotations

import hashlib
import http.server
import re
import socket
import ssl
import threading
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.cli import main
from groundswell.errors import GroundswellError, InputError
from groundswell.waves.wave import download as sources
from groundswell.waves.wave.download import fetch

CONTENT = b"id,mood\n" + b"1,2\n" * 200_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Publisher(http.server.ThreadingHTTPServer):
    """A publisher; `breaks_off` is how many answers end half way, `resumes` whether it knows ranges."""

    breaks_off = 0
    resumes = True
    asked: list[str]


class Answers(http.server.BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.asked.append(asked)
        if self.path != "/wave.csv":
            self.send_error(404)
            return
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.resumes else 0
        if begin >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(CONTENT) - begin))
        self.end_headers()
        rest = CONTENT[begin:]
        if self.server.breaks_off > 0:
            self.server.breaks_off -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, *_: object) -> None:
        """Say nothing on the tests' output."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher(("127.0.0.1", 0), Answers)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address(server: Publisher, path: str = "/wave.csv") -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


def test_a_wave_arrives_whole(publisher: Publisher, tmp_path: Path) -> None:
    file = fetch(address(publisher), tmp_path / "waves" / "wave.csv", sha256=SHA256)
    assert file.read_bytes() == CONTENT
    assert [path.name for path in file.parent.iterdir()] == ["wave.csv"]


@pytest.mark.parametrize("resumes", [True, False])
def test_what_broke_off_goes_on_or_begins_again(publisher: Publisher, tmp_path: Path, resumes: bool) -> None:
    publisher.breaks_off, publisher.resumes = 1, resumes
    assert fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256).read_bytes() == CONTENT
    assert publisher.asked == ["", f"bytes={len(CONTENT) // 2}-"]


def test_a_publisher_that_breaks_off_again_and_again_leaves_what_arrived(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.breaks_off = sources.ATTEMPTS
    with pytest.raises(GroundswellError, match="bytes are kept, and the next try goes on from there"):
        fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256)
    [part] = tmp_path.iterdir()
    kept = part.stat().st_size
    assert part.name.startswith(".")  # no input of a report
    assert 0 < kept < len(CONTENT)
    assert fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256).read_bytes() == CONTENT
    assert publisher.asked[-1] == f"bytes={kept}-"
    assert [path.name for path in tmp_path.iterdir()] == ["wave.csv"]


def test_what_was_whole_already_is_only_checked(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / f".{SHA256[:16]}-1.part").write_bytes(CONTENT)
    assert fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256).read_bytes() == CONTENT


def test_another_file_than_stated_is_not_kept(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"SHA-256 {SHA256}, the wave states {'0' * 64}"):
        fetch(address(publisher), tmp_path / "wave.csv", sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_a_moved_file_is_said_to_be_so(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(GroundswellError, match=r"answered 404 .*look for the file's new address"):
        fetch(address(publisher, "/gone.csv"), tmp_path / "wave.csv", sha256=SHA256)
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_that_does_not_verify_is_no_matter_of_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def ask(address: str, *_: object) -> None:
        asked.append(address)
        error = ssl.SSLCertVerificationError(1, "no")
        error.verify_message = "self-signed certificate"
        raise urllib.error.URLError(error)

    monkeypatch.setattr(sources, "ask", ask)
    says = (
        r"`acme.example` shows a certificate that does not verify \(self-signed certificate\).*SSL_CERT_FILE"
    )
    with pytest.raises(GroundswellError, match=says):
        fetch("https://acme.example/wave.csv", tmp_path / "wave.csv", sha256=SHA256)
    assert len(asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_the_network_the_way_out_is_named(tmp_path: Path) -> None:
    offline = r"cannot be reached .* this machine is offline.* by hand"
    with socket.socket() as silent:  # ours for as long as nobody is to answer there
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(GroundswellError, match=offline) as found:
            fetch(f"http://127.0.0.1:{port}/wave.csv", tmp_path / "wave.csv", sha256=SHA256)
    assert found.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_only_web_addresses_are_fetched(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape("must start with https:// or http://")):
        fetch("file:///etc/hostname", tmp_path / "wave.csv", sha256=SHA256)


def test_the_command_fetches_a_wave_that_states_its_address(
    publisher: Publisher, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waves = scratch / "surveys" / "simulated-panel" / "waves"
    toml = waves / "wave-02.toml"
    text = toml.read_text(encoding="utf-8")
    stated = re.sub(r'sha256 = "\w+"', f'sha256 = "{SHA256}"', text).replace(
        'file = "wave-02.csv"', f'file = "fetched.csv"\ndownload = "{address(publisher)}"'
    )
    toml.write_text(stated, encoding="utf-8")
    for _ in range(2):
        main(["fetch", "simulated-panel", "--wave", "wave-02", "--project", str(scratch)])
    assert capsys.readouterr().out.split() == [str(waves / "fetched.csv")] * 2
    assert (waves / "fetched.csv").read_bytes() == CONTENT
    assert len(publisher.asked) == 1
    with pytest.raises(SystemExit) as ended:
        main(["fetch", "simulated-panel", "--wave", "wave-01", "--project", str(scratch)])
    assert ended.value.code == 2
    assert "states no `download` address" in capsys.readouterr().err
