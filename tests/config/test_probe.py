"""What a container asks itself."""

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from config import probe


class _Web(BaseHTTPRequestHandler):
    """Answers as Django does: only who asks for our host, at the right path, is served."""

    def do_GET(self) -> None:
        is_ours = (self.headers["Host"], self.path) == ("parley.example", "/healthz/")
        self.send_response(200 if is_ours else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", 0), _Web) as server:
        monkeypatch.setenv("PORT", str(server.server_port))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("address", "status"), [("https://parley.example", 0), ("https://elsewhere.example", 1)]
)
def test_web_asks_for_the_host_that_people_type(
    web: None, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    monkeypatch.setenv("PUBLIC_URL", address)

    assert probe.main("web") == status


def test_web_that_does_not_listen_is_unwell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://parley.example")
    monkeypatch.setenv("PORT", "1")

    assert probe.main("web") == 1
    assert "Connection refused" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["", ".db"])
@pytest.mark.parametrize(("age_seconds", "status"), [(0, 0), (599, 0), (601, 1)])
def test_beat_is_well_while_it_writes_its_schedule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str, age_seconds: int, status: int
) -> None:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path))
    schedule = tmp_path / f"beat-schedule{suffix}"
    schedule.touch()
    written_at = time.time() - age_seconds
    os.utime(schedule, (written_at, written_at))

    assert probe.main("beat") == status


def test_beat_that_never_wrote_is_unwell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path))

    assert probe.main("beat") == 1
