"""What a container asks itself: `python -m config.probe web` (worker, beat) ends with 0 if well."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

HEALTH_PATH: Final = "/healthz/"
# Beat writes its schedule down every three minutes.
_BEAT_SECONDS: Final = 600


def web() -> bool:
    """Say whether the page of health answers, asked as a browser would ask for our host."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}{HEALTH_PATH}",
        headers={"Host": urlsplit(os.environ["PUBLIC_URL"]).netloc},
    )
    with urllib.request.urlopen(request, timeout=8) as response:  # noqa: S310 -- our own address
        return bool(response.status == 200)


def worker() -> bool:
    """Say whether this container's worker answers a ping through the broker."""
    ping = [
        *(sys.executable, "-m", "celery", "--app", "config.celery", "inspect", "ping"),
        *("--timeout", "10", "--destination", f"celery@{socket.gethostname()}"),
    ]
    return subprocess.run(ping, check=False, stdout=subprocess.DEVNULL).returncode == 0  # noqa: S603


def beat() -> bool:
    """Say whether beat has written its schedule lately."""
    # Its files are named by the database that this Python has for them: no suffix, .db or .dat.
    files = Path(os.environ["PARLEY_DATA_DIR"]).glob("beat-schedule*")
    written_at = max((path.stat().st_mtime for path in files), default=0.0)
    return time.time() - written_at < _BEAT_SECONDS


PROBES: Final = {"web": web, "worker": worker, "beat": beat}


def main(name: str) -> int:
    """Run one probe and return its exit status."""
    try:
        return 0 if PROBES[name]() else 1
    except OSError as error:
        print(f"{name}: {error}", file=sys.stderr)  # noqa: T201 -- a command speaks
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
