"""What a curator's address may make the server do, and what it may not."""

import datetime as dt
import http.client
import io
import socket
from dataclasses import dataclass, field

import pytest

from market import services
from market.models import ImportBatch, Observation
from market.services import fetching, imports
from market.services.fetching import FetchFailed, fetch, public_address
from tests.factories.market import MOMENT, SourceFactory


def resolving_to(monkeypatch, *addresses):
    def found(host, port, **_):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0",  # noqa: S104 -- refused
     "100.64.0.1", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_host_that_is_not_public_is_refused(monkeypatch, address):
    resolving_to(monkeypatch, address)
    with pytest.raises(FetchFailed, match="not on the public internet"):
        public_address("example.com", 443)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    resolving_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(FetchFailed):
        public_address("example.com", 443)


def test_public_host_is_connected_to_at_the_address_that_was_checked(monkeypatch):
    resolving_to(monkeypatch, "93.184.216.34")
    connection = fetching.open_address("example.com", 443)
    tried = []

    def connect(address, timeout):
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    resolving_to(monkeypatch, "127.0.0.1")  # the name now leads elsewhere
    with pytest.raises(OSError):  # noqa: PT011 -- ours, from above
        connection.connect()
    assert tried == [("93.184.216.34", 443)]


class Answer:
    """A response as http.client would give it."""

    def __init__(self, status=200, body=b"", **headers):
        self.status = status
        self._body = io.BytesIO(body)
        self._headers = {name.replace("_", "-").lower(): value for name, value in headers.items()}

    def getheader(self, name):
        return self._headers.get(name.lower())

    def read1(self, size):
        return self._body.read(size)


@dataclass
class Web:
    """Answers by address, and what was asked of it."""

    answers: dict
    asked: list = field(default_factory=list)

    def __call__(self, host, port):  # noqa: ARG002 -- an opener takes both
        web = self

        class Connection:
            def request(self, method, path, headers):  # noqa: ARG002 -- as http.client calls it
                web.asked.append((f"https://{host}{path}", headers))
                self.answer = web.answers[f"https://{host}{path}"]

            def getresponse(self):
                if isinstance(self.answer, Exception):
                    raise self.answer
                return self.answer

            def close(self):
                pass

        return Connection()


URL = "https://example.com/pay.csv"


def test_file_is_fetched_with_its_marks():
    web = Web({URL: Answer(body=b"a,b\n", ETag='"1"', Last_Modified="yesterday")})

    found = fetch(URL, opener=web)

    assert (found.file.read(), found.name, found.etag) == (b"a,b\n", "pay.csv", '"1"')
    found.file.close()


def test_unchanged_file_is_not_fetched_again():
    web = Web({URL: Answer(304)})

    found = fetch(URL, etag='"1"', last_modified="yesterday", opener=web)

    assert (found.file, found.etag) == (None, '"1"')
    assert web.asked[0][1]["If-None-Match"] == '"1"'
    assert web.asked[0][1]["If-Modified-Since"] == "yesterday"


def test_redirect_is_followed_and_checked_like_the_first_address():
    web = Web(
        {URL: Answer(302, Location="/new.csv"), "https://example.com/new.csv": Answer(body=b"x")}
    )
    found = fetch(URL, opener=web)
    found.file.close()
    assert found.name == "new.csv"

    with pytest.raises(FetchFailed, match="Only an https address"):
        fetch(URL, opener=Web({URL: Answer(302, Location="http://example.com/")}))


def test_redirect_to_a_private_host_is_refused(monkeypatch):
    resolving_to(monkeypatch, "169.254.169.254")
    web = Web({URL: Answer(301, Location="https://metadata.example/latest")})

    def opener(host, port):
        return web(host, port) if host == "example.com" else fetching.open_address(host, port)

    with pytest.raises(FetchFailed, match="not on the public internet"):
        fetch(URL, opener=opener)


@pytest.mark.parametrize(
    ("url", "answer", "says"),
    [
        ("http://example.com/", None, "Only an https address"),
        ("https://user:word@example.com/", None, "without a password"),
        ("file:///etc/passwd", None, "Only an https address"),
        (URL, Answer(500), "The server answered 500."),
        (URL, Answer(302, Location=URL), "led on more than 4 times"),
        (URL, Answer(Content_Length="999999999"), "larger than 60 MB"),
        (URL, TimeoutError(), "did not answer as it should"),
        (URL, http.client.BadStatusLine("x"), "did not answer as it should"),
    ],
)
def test_what_goes_wrong_is_said(url, answer, says):
    with pytest.raises(FetchFailed, match=says):
        fetch(url, opener=Web({url: answer}))


def test_body_that_never_ends_or_takes_too_long_is_cut_off(monkeypatch):
    monkeypatch.setattr(fetching, "MOST_FILE_BYTES", 1000)
    with pytest.raises(FetchFailed, match="larger"):
        fetch(URL, opener=Web({URL: Answer(body=b"x" * 2000)}))

    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", -1)
    with pytest.raises(FetchFailed, match="took longer"):
        fetch(URL, opener=Web({URL: Answer(body=b"x")}))


# --- into staging ------------------------------------------------------------------------------

MAP = {
    "columns": {"title": "t", "amount": "p"},
    "constants": {"currency": "USD", "country": "US", "year": "2026"},
}


@pytest.fixture
def source(db):
    return SourceFactory.create(fetch_url=URL, fetch_every_days=7, column_map=MAP)


def fetched(source, answer):
    return services.fetch_source(
        source_id=source.pk, clock=lambda: MOMENT, opener=Web({URL: answer})
    )


def test_fetched_file_waits_in_staging(source, sent_tasks):
    assert fetched(source, Answer(body=b"t,p\nData Analyst,5\n", ETag='"1"')) is True

    batch = ImportBatch.objects.get()
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)
    batch.refresh_from_db()
    source.refresh_from_db()
    assert (batch.state, batch.n_new, batch.uploaded_by) == ("previewed", 1, None)
    assert (source.etag, source.fetched_at, source.fetch_error) == ('"1"', MOMENT, "")
    assert not Observation.objects.published().exists()


def test_failure_is_written_on_the_source(source):
    assert fetched(source, Answer(404)) is False

    source.refresh_from_db()
    assert source.fetch_error == "The server answered 404."
    assert not ImportBatch.objects.exists()


def test_file_that_must_wait_is_not_remembered_as_seen(source, sent_tasks):
    fetched(source, Answer(body=b"t,p\nX,5\n", ETag='"1"'))
    assert fetched(source, Answer(body=b"t,p\nX,6\n", ETag='"2"')) is False

    source.refresh_from_db()
    assert source.etag == '"1"'
    assert source.fetch_error.startswith("A file was waiting")


def test_source_out_of_use_is_not_fetched(source):
    source.is_active = False
    source.save()

    assert fetched(source, Answer(body=b"x")) is False
    assert services.request_due_fetches(as_of=MOMENT) == 0


def test_sources_are_fetched_when_they_are_due(source, sent_tasks):
    SourceFactory.create()
    assert services.request_due_fetches(as_of=MOMENT) == 1
    assert sent_tasks[0].arguments == {"source_id": source.pk}

    source.fetched_at = MOMENT
    source.save()
    assert services.request_due_fetches(as_of=MOMENT + dt.timedelta(days=6)) == 0
    assert services.request_due_fetches(as_of=MOMENT + dt.timedelta(days=8)) == 1


def test_limit_of_fetching_is_that_of_uploads():
    assert fetching.MOST_FILE_BYTES == imports.MOST_FILE_BYTES
