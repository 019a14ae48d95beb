"""A source's file, fetched on a schedule into staging, never to publication.

The address is a curator's, so it is trusted with nothing: https only, public addresses only, after
every redirect, and the connection is made to the very address that was checked. What answers is
limited in size and time.
"""

import datetime as dt
import http.client
import ipaddress
import logging
import socket
import ssl
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import urljoin, urlsplit

from market import tasks
from market.models import Source
from market.services.imports import (
    MOST_FILE_BYTES,
    BatchNotOpen,
    FileRefused,
    request_import,
)

logger = logging.getLogger(__name__)

MOST_REDIRECTS: Final = 4
SECONDS_TO_CONNECT: Final = 10
SECONDS_IN_ALL: Final = 120
_CHUNK: Final = 1 << 16
_MOVED: Final = {301, 302, 303, 307, 308}


class FetchFailed(Exception):
    """The file could not be fetched; the message says why, in words for a curator."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: a file, or None where nothing changed since."""

    file: IO[bytes] | None
    name: str
    etag: str
    last_modified: str


class _PinnedConnection(http.client.HTTPSConnection):
    """A TLS connection to one checked address, with the certificate of the named host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(
            host, port, timeout=SECONDS_TO_CONNECT, context=ssl.create_default_context()
        )
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS_TO_CONNECT)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


def public_address(host: str, port: int) -> str:
    """Return an address of the host; raise `FetchFailed` unless every one it has is public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise FetchFailed("The host name is not known.") from None
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    for address in addresses:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        if not mapped.is_global or mapped.is_multicast:
            raise FetchFailed("The host is not on the public internet.")
    return addresses[0]


def open_address(host: str, port: int) -> http.client.HTTPSConnection:
    """Return a connection to a host that is on the public internet."""
    return _PinnedConnection(host, port, public_address(host, port))


Opener = Callable[[str, int], http.client.HTTPConnection]


def fetch(
    url: str, *, etag: str = "", last_modified: str = "", opener: Opener = open_address
) -> Fetched:
    """Fetch an address within limits; every redirect is checked like the first address."""
    deadline = time.monotonic() + SECONDS_IN_ALL
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise FetchFailed("Only an https address without a password can be fetched.")
        connection = opener(parts.hostname, parts.port or 443)
        try:
            headers = {"User-Agent": "Parley", "Accept-Encoding": "identity"}
            if etag:
                headers["If-None-Match"] = etag
            if last_modified:
                headers["If-Modified-Since"] = last_modified
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            if answer.status in _MOVED and (place := answer.getheader("Location")):
                url = urljoin(url, place)
                continue
            if answer.status == 304:
                return Fetched(None, "", etag, last_modified)
            if answer.status != 200:
                raise FetchFailed(f"The server answered {answer.status}.")
            return Fetched(
                _body(answer, deadline),
                parts.path.rsplit("/", 1)[-1] or "file",
                (answer.getheader("ETag") or "")[:200],
                (answer.getheader("Last-Modified") or "")[:60],
            )
        except (OSError, http.client.HTTPException):
            raise FetchFailed("The server did not answer as it should.") from None
        finally:
            connection.close()
    raise FetchFailed(f"The address led on more than {MOST_REDIRECTS} times.")


def _body(answer: http.client.HTTPResponse, deadline: float) -> IO[bytes]:
    """Return the answer's body, in memory where it is small and else in a temporary file."""
    told = answer.getheader("Content-Length") or ""
    if told.isdecimal() and int(told) > MOST_FILE_BYTES:
        raise FetchFailed(f"The file is larger than {MOST_FILE_BYTES // 1_000_000} MB.")
    file = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 -- its reader closes it
    size = 0
    while chunk := answer.read1(_CHUNK):
        size += len(chunk)
        problem = ""
        if size > MOST_FILE_BYTES:
            problem = f"The file is larger than {MOST_FILE_BYTES // 1_000_000} MB."
        elif time.monotonic() > deadline:
            problem = f"Fetching took longer than {SECONDS_IN_ALL} seconds."
        if problem:
            file.close()
            raise FetchFailed(problem)
        file.write(chunk)
    file.seek(0)
    return file


def fetch_source(
    *, source_id: int, clock: Callable[[], dt.datetime], opener: Opener = open_address
) -> bool:
    """Fetch a source's file if it changed and queue it to be read; return whether it was queued.

    What goes wrong is written on the source, where curators see it. Nothing is ever published.
    """
    source = Source.objects.get(pk=source_id)
    if not source.fetch_url or not source.is_active:
        return False
    problem, is_queued, fetched = "", False, None
    try:
        fetched = fetch(
            source.fetch_url, etag=source.etag, last_modified=source.last_modified, opener=opener
        )
        if fetched.file is not None:
            with fetched.file as file:
                request_import(source=source, file=file, name=fetched.name, as_of=clock())
            is_queued = True
    except (FetchFailed, FileRefused) as error:
        problem = str(error)[:300]
    except BatchNotOpen:
        # The next round asks again: the answer is not remembered as seen.
        fetched = None
        problem = "A file was waiting for a curator, so nothing was fetched."
    changes = {"fetched_at": clock(), "fetch_error": problem}
    if fetched is not None:
        changes |= {"etag": fetched.etag, "last_modified": fetched.last_modified}
    Source.objects.filter(pk=source_id).update(**changes)
    return is_queued


def request_due_fetches(*, as_of: dt.datetime) -> int:
    """Wake a worker for every source that is due; return how many."""
    scheduled = Source.objects.filter(is_active=True, fetch_every_days__gt=0)
    found = [
        source.pk
        for source in scheduled.order_by("fetched_at", "pk")
        if source.fetched_at is None
        or source.fetched_at <= as_of - dt.timedelta(days=source.fetch_every_days)
    ]
    for pk in found:
        tasks.fetch_source.delay(source_id=pk)
    return len(found)
