"""Requests per second of the web servers that could serve Parley, on the page of health.

Granian is measured if it is installed; it is no dependency. The servers take turns, so that
whatever else the machine does touches both alike.
"""

import http.client
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PARLEY_MODE", "local")

ROUNDS = 5
REQUESTS = 300
CONNECTIONS = 8


def main() -> None:
    """Print the median rate of each server, and their ratio."""
    from config import embedded  # noqa: PLC0415 -- after PARLEY_MODE is set

    embedded.ensure_running()
    servers = ["gunicorn"]
    if importlib.util.find_spec("granian"):
        servers.append("granian")
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name in servers:
            with serving(name) as port:
                requests_per_second(port)  # imports and connections, once
                rates[name].append(requests_per_second(port))
    for name in servers:
        print(f"{name:10} {statistics.median(rates[name]):8.0f} requests/s, median of {ROUNDS}")
    if "granian" in rates:
        pairs = zip(rates["granian"], rates["gunicorn"], strict=True)
        ratio = statistics.median(granian / gunicorn for granian, gunicorn in pairs)
        print(f"granian / gunicorn: {ratio:.2f}")
    else:
        print("granian is not installed: nothing to compare with")


def command(name: str, port: int) -> list[str]:
    """Return the command of a server with 2 processes of 4 threads."""
    return {
        "gunicorn": [
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--preload"),
            *("--workers", "2", "--threads", "4", "--no-control-socket"),
        ],
        "granian": [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
            *("--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--no-ws"),
        ],
    }[name]


@contextmanager
def serving(name: str) -> Iterator[int]:
    """Serve on a free port of this machine, and yield it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    with subprocess.Popen(  # noqa: S603 -- named above
        command(name, port),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(port, server)
            yield port
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; raise if it ends or takes over a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=10))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def requests_per_second(port: int) -> float:
    """Return the rate over a fixed number of requests from several connections."""
    started = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as visitors:
        list(visitors.map(lambda _: visit(port), range(CONNECTIONS)))
    return REQUESTS / (time.monotonic() - started)


def visit(port: int) -> None:
    """Send one visitor's share of the requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(REQUESTS // CONNECTIONS):
        ask(connection)
    connection.close()


def ask(connection: http.client.HTTPConnection) -> None:
    """Ask for the page of health, and read the answer."""
    connection.request("GET", "/healthz/")
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise OSError(f"status {answer.status}")


if __name__ == "__main__":
    main()
