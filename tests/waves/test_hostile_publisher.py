"""Fetching from a publisher who means harm: bodies without end, redirects without end, links where the file arrives."""

from __future__ import annotations

import fcntl
import hashlib
import http.server
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from groundswell.cli import main
from groundswell.errors import GroundswellError, InputError
from groundswell.waves.wave.download import MEGABYTE, Limits, fetch
from groundswell.waves.wave.half_file import half_file
from groundswell.waves.wave.web import MOST_REDIRECTS, Deadline, ask

CONTENT = b"id,mood\n1,2\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SHORT = Limits(megabytes=1, minutes=1 / 120)
"""A megabyte, half a second."""

Answer = http.server.BaseHTTPRequestHandler


class Publisher(http.server.ThreadingHTTPServer):
    answer: Callable[[Answer], None]
    asked: list[str]
    daemon_threads = True
    over = False

    def handle_error(self, *_: object) -> None:
        """Whoever fetched has hung up."""


class Answers(http.server.BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing on the tests' output."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher(("127.0.0.1", 0), Answers)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.over = True
    server.shutdown()
    server.server_close()


def address(server: Publisher, path: str = "/wave.csv") -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


def begins(answer: Answer, *headers: tuple[str, str], status: int = 200) -> None:
    answer.send_response(status)
    for name, value in headers:
        answer.send_header(name, value)
    answer.end_headers()


def pours(answer: Answer, piece: bytes, pause: float = 0.0) -> None:
    """Send `piece` again and again until the other side hangs up, or the test is over."""
    with suppress(OSError):
        while not answer.server.over:  # type: ignore[attr-defined]
            answer.wfile.write(piece)
            time.sleep(pause)


def endless(answer: Answer) -> None:
    begins(answer)
    pours(answer, b"1,2\n" * 10_000)


def endless_in_chunks(answer: Answer) -> None:
    answer.protocol_version = "HTTP/1.1"
    begins(answer, ("Transfer-Encoding", "chunked"))
    pours(answer, b"2710\r\n" + b"x" * 10_000 + b"\r\n")


def says_that_it_is_endless(answer: Answer) -> None:
    begins(answer, ("Content-Length", str(10**15)))
    pours(answer, b"x", pause=0.05)


def a_byte_now_and_then(answer: Answer) -> None:
    begins(answer)
    pours(answer, b"x", pause=0.05)


def a_byte_now_and_then_of_a_stated_length(answer: Answer) -> None:
    begins(answer, ("Content-Length", "1000"))
    pours(answer, b"x", pause=0.05)


def a_header_now_and_then(answer: Answer) -> None:
    answer.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    pours(answer, b"x", pause=0.05)


def a_chunk_s_length_now_and_then(answer: Answer) -> None:
    answer.protocol_version = "HTTP/1.1"
    begins(answer, ("Transfer-Encoding", "chunked"))
    pours(answer, b"0", pause=0.05)


@pytest.mark.parametrize("answer", [endless, endless_in_chunks, says_that_it_is_endless])
def test_a_body_without_end_is_given_up_and_nothing_of_it_kept(
    publisher: Publisher, tmp_path: Path, answer: Callable[[Answer], None]
) -> None:
    publisher.answer = answer
    with pytest.raises(GroundswellError, match=r"gives more than 1 MB, .* `most_megabytes=4`") as found:
        fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256, limits=Limits(megabytes=1, minutes=1))
    assert found.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert len(publisher.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        a_byte_now_and_then,
        a_byte_now_and_then_of_a_stated_length,
        a_header_now_and_then,
        a_chunk_s_length_now_and_then,
    ],
)
def test_a_server_that_never_comes_to_an_end_is_given_up_in_time(
    publisher: Publisher, tmp_path: Path, answer: Callable[[Answer], None]
) -> None:
    publisher.answer = answer
    begin = time.monotonic()
    with pytest.raises(
        GroundswellError, match=r"after 0.008\d* minutes, .* nothing was kept.*`most_minutes="
    ):
        fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256, limits=SHORT)
    assert time.monotonic() - begin < 10
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_as_large_as_allowed_arrives(publisher: Publisher, tmp_path: Path) -> None:
    def whole(answer: Answer) -> None:
        begins(answer)
        answer.wfile.write(CONTENT)

    publisher.answer = whole
    file = tmp_path / "wave.csv"
    exact = Limits(megabytes=len(CONTENT) / MEGABYTE)
    assert fetch(address(publisher), file, sha256=SHA256, limits=exact).read_bytes() == CONTENT
    file.unlink()
    with pytest.raises(GroundswellError, match="gives more than"):
        fetch(address(publisher), file, sha256=SHA256, limits=Limits(megabytes=(len(CONTENT) - 1) / MEGABYTE))


def test_the_command_names_its_options(
    publisher: Publisher, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.answer = endless
    toml = scratch / "surveys" / "simulated-panel" / "waves" / "wave-02.toml"
    text = toml.read_text(encoding="utf-8").replace(
        'file = "wave-02.csv"', f'file = "new.csv"\ndownload = "{address(publisher)}"'
    )
    toml.write_text(text, encoding="utf-8")
    fetch_it = ["fetch", "simulated-panel", "--wave", "wave-02", "--project", str(scratch)]
    with pytest.raises(SystemExit) as ended:
        main([*fetch_it, "--most-megabytes", "1"])
    assert ended.value.code == 1
    assert "allow more with `--most-megabytes 4`" in capsys.readouterr().err


@pytest.mark.parametrize("steps", [MOST_REDIRECTS, MOST_REDIRECTS + 1])
def test_a_server_leads_on_to_a_few_addresses(publisher: Publisher, tmp_path: Path, steps: int) -> None:
    def leads_on(answer: Answer) -> None:
        step = int(answer.path.removeprefix("/"))
        if step == steps:
            begins(answer)
            answer.wfile.write(CONTENT)
        else:
            begins(answer, ("Location", f"/{step + 1}"), status=302)

    publisher.answer = leads_on
    file = tmp_path / "wave.csv"
    if steps <= MOST_REDIRECTS:
        assert fetch(address(publisher, "/0"), file, sha256=SHA256).read_bytes() == CONTENT
        return
    with pytest.raises(
        GroundswellError, match=f"leads on to another address more than {MOST_REDIRECTS} times"
    ):
        fetch(address(publisher, "/0"), file, sha256=SHA256)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://[", "//[", "data:,x"])
def test_a_server_leads_on_to_web_addresses_only(publisher: Publisher, tmp_path: Path, to: str) -> None:
    publisher.answer = lambda answer: begins(answer, ("Location", to), status=302)
    with pytest.raises(GroundswellError, match=r"leads on to .*, which is not a web address"):
        fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256)
    assert list(tmp_path.iterdir()) == []


def test_what_comes_with_a_redirect_is_not_read(publisher: Publisher, tmp_path: Path) -> None:
    def leads_on(answer: Answer) -> None:
        if answer.path == "/here":
            begins(answer)
            answer.wfile.write(CONTENT)
        else:
            begins(answer, ("Location", "/here"), status=301)
            pours(answer, b"x" * 10_000)

    publisher.answer = leads_on
    limits = Limits(megabytes=1, minutes=1)
    file = fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256, limits=limits)
    assert file.read_bytes() == CONTENT


def test_a_malformed_answer_is_an_error_and_no_traceback(publisher: Publisher, tmp_path: Path) -> None:
    def malformed(answer: Answer) -> None:
        answer.protocol_version = "HTTP/1.1"
        begins(answer, ("Transfer-Encoding", "chunked"))
        answer.wfile.write(b"no number\r\n")

    publisher.answer = malformed
    with pytest.raises(GroundswellError, match="cannot be reached"):
        fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a web address"):
        fetch("http://[", tmp_path / "wave.csv", sha256=SHA256)


def test_a_connection_made_after_the_end_is_shut_at_once(publisher: Publisher) -> None:
    publisher.answer = endless
    late = Deadline()
    late.come()
    with pytest.raises(OSError, match=r".*"):
        ask(address(publisher), {}, late)


def plant_link(part: Path, precious: Path) -> None:
    part.symlink_to(precious)


def plant_second_name(part: Path, precious: Path) -> None:
    os.link(precious, part)


def plant_pipe(part: Path, _: Path) -> None:
    os.mkfifo(part)


def plant_folder(part: Path, _: Path) -> None:
    part.mkdir()


@pytest.mark.parametrize("plant", [plant_link, plant_second_name, plant_pipe, plant_folder])
@pytest.mark.parametrize("name", ["wave.csv.part", f".{SHA256[:16]}-1.part"])
def test_nothing_is_written_through_what_stands_where_the_file_arrives(
    publisher: Publisher, tmp_path: Path, plant: Callable[[Path, Path], None], name: str
) -> None:
    def whole(answer: Answer) -> None:
        begins(answer)
        answer.wfile.write(CONTENT)

    publisher.answer = whole
    precious, waves = tmp_path / "precious", tmp_path / "waves"
    precious.write_text("precious")
    waves.mkdir()
    plant(waves / name, precious)
    assert fetch(address(publisher), waves / "wave.csv", sha256=SHA256).read_bytes() == CONTENT
    assert precious.read_text() == "precious"


def test_a_link_in_the_file_s_own_place_is_replaced_and_not_followed(
    publisher: Publisher, tmp_path: Path
) -> None:
    def whole(answer: Answer) -> None:
        begins(answer)
        answer.wfile.write(CONTENT)

    publisher.answer = whole
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "wave.csv").symlink_to("precious")
    fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256)
    assert (tmp_path / "precious").read_text() == "precious"
    assert (tmp_path / "wave.csv").read_bytes() == CONTENT


def test_two_downloads_of_one_file_never_write_to_one_place(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    with half_file(file, SHA256) as mine, half_file(file, SHA256) as theirs:
        assert mine.path != theirs.path
        mine.stream.write(CONTENT)
        mine.become(file)
        theirs.stream.write(CONTENT)
        theirs.become(file)
    assert [path.name for path in tmp_path.iterdir()] == ["wave.csv"]


@pytest.mark.parametrize("size", [len(CONTENT), 2_000_000])
def test_a_full_disk_is_not_the_networks_fault_and_keeps_nothing(
    publisher: Publisher, tmp_path: Path, size: int
) -> None:
    def whole(answer: Answer) -> None:
        begins(answer)
        with suppress(OSError):
            answer.wfile.write(b"x" * size)

    publisher.answer = whole
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))  # no file may grow beyond it
        with pytest.raises(GroundswellError, match=r"wave\.csv` cannot be written: .*; nothing was kept"):
            fetch(address(publisher), tmp_path / "wave.csv", sha256=SHA256)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    assert len(publisher.asked) == 1


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(GroundswellError, match=r"wave\.csv` cannot be written: "):
        fetch("http://127.0.0.1/wave.csv", tmp_path / "file" / "wave.csv", sha256=SHA256)


def test_a_name_for_the_half_file_cannot_be_guessed(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        with half_file(tmp_path / "wave.csv", SHA256) as half:
            names.add(half.path.name)
            with half.path.open("rb") as other, pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            half.become(tmp_path / "wave.csv")
    assert len(names) == 3
