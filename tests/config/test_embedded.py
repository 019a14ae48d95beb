"""The embedded engines: one data directory each, and servers of its own where one must start."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psutil
import psycopg
import pytest

from config import embedded
from config.embedded import account, places, postgres, processes, redis

# Needs the engines of its data directory, says so, and keeps them until a line comes in.
NEEDS_ENGINES = """
import sys
from config import embedded
embedded.ensure_running()
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory of its own; whatever runs there afterwards is ended."""
    # Below a directory that the account lent to the engines may pass through.
    directory = tmp_path / "data"
    monkeypatch.setenv("PARLEY_DATA_DIR", str(directory))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield directory
    redis.stop()
    postgres.stop()
    shutil.rmtree(places.socket_dir(), ignore_errors=True)


@pytest.fixture
def user(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that needs the engines of `data`."""
    with _user() as process:
        yield process
        process.kill()


def _user() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", NEEDS_ENGINES],
        cwd=places.PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _let_go(process: subprocess.Popen[str]) -> int:
    process.communicate("done\n", timeout=60)
    return process.returncode


def _query(sql: str) -> object:
    with psycopg.connect(embedded.database_url()) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def _servers(directory: Path) -> set[str]:
    """Return the names of the processes that work below a directory."""
    found = set()
    for process in psutil.process_iter(["name", "cwd", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE and (
            process.info["cwd"] or ""
        ).startswith(str(directory)):
            found.add(process.info["name"])
    return found


# --- places ------------------------------------------------------------------------------------


def test_addresses_follow_from_the_data_directory_and_start_nothing(data: Path) -> None:
    first = (embedded.database_url(), embedded.redis_url())

    assert (embedded.database_url(), embedded.redis_url()) == first
    assert not data.exists()
    assert not places.socket_dir().exists()


def test_data_directory_is_dot_data_of_the_project_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PARLEY_DATA_DIR", raising=False)
    default = embedded.data_dir()
    monkeypatch.setenv("PARLEY_DATA_DIR", "beside")

    assert default == places.PROJECT / ".data"
    assert embedded.data_dir() == places.PROJECT / "beside"


def test_two_data_directories_never_share_an_address(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = embedded.database_url()
    monkeypatch.setenv("PARLEY_DATA_DIR", str(data / "other"))

    assert embedded.database_url() != first


def test_socket_stays_within_the_kernels_limit_for_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path / ("long name " * 20) / ("x" * 200)))

    assert len(os.fsencode(places.socket_dir() / ".s.PGSQL.5432.lock")) < 100


def test_secret_key_is_random_lasting_and_ours_alone(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = embedded.secret_key()
    again = embedded.secret_key()
    monkeypatch.setenv("PARLEY_DATA_DIR", str(data / "other"))
    elsewhere = embedded.secret_key()

    assert again == key
    assert elsewhere != key
    assert len(key) >= 50
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir() if path.name.startswith("secret")] == [
        "secret_key"
    ]


def test_data_directory_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path / "file" / "data"))

    with pytest.raises(embedded.EngineError) as caught:
        embedded.secret_key()

    assert str(caught.value) == (
        f"Parley cannot keep its data in {tmp_path}/file/data: Not a directory. "
        "Choose another directory with PARLEY_DATA_DIR=/a/path."
    )


def test_socket_directory_of_somebody_else_is_refused(data: Path) -> None:
    places.make_socket_dir(owner=os.geteuid())
    shutil.rmtree(places.socket_dir())
    places.socket_dir().symlink_to(data.parent)

    with pytest.raises(embedded.EngineError, match="belongs to somebody else"):
        places.make_socket_dir(owner=os.geteuid())

    places.socket_dir().unlink()


# --- the account of the engines -----------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the engines")
def test_lent_account_may_pass_through_a_closed_home_and_not_look_around(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "inner").mkdir(parents=True)
    home.chmod(0o700)
    lent = account.engine_account()

    account.let_in(lent, home / "inner")
    account.let_in(lent, home / "inner")  # twice changes nothing the second time

    def outcome(command: str, uid: int) -> int:
        words = ["sh", "-c", command]
        identity = {"user": uid, "group": uid, "extra_groups": ()}
        return subprocess.run(words, check=False, capture_output=True, **identity).returncode

    assert outcome(f"cd '{home}/inner'", lent.uid) == 0
    assert outcome(f"ls '{home}'", lent.uid) != 0
    assert outcome(f"cd '{home}/inner'", lent.uid + 1) != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the engines")
def test_lent_account_wakes_up_no_permission_that_was_held_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    other = 65533
    entries = {
        (account._OWNER, account._NOBODY): 7,
        (account._USER, other): 7,
        (account._GROUP_OWNER, account._NOBODY): 5,
        (account._MASK, account._NOBODY): 0,
        (account._OTHER, account._NOBODY): 0,
    }
    account._write_access_list(home, entries)

    account._allow_passing(home, 12345)

    assert account._access_list(home) == {
        (account._OWNER, account._NOBODY): 7,
        (account._USER, 12345): 1,
        (account._USER, other): 0,
        (account._GROUP_OWNER, account._NOBODY): 0,
        (account._MASK, account._NOBODY): 1,
        (account._OTHER, account._NOBODY): 0,
    }


# --- servers ------------------------------------------------------------------------------------


@pytest.mark.engines
def test_last_one_out_stops_the_servers(user: subprocess.Popen[str], data: Path) -> None:
    second = _user()
    assert (_ready(user), _ready(second)) == ("ready\n", "ready\n")

    assert _let_go(user) == 0
    between = _servers(data)
    assert _let_go(second) == 0

    assert {"postgres", "redis-server"} <= between
    assert _servers(data) == set()
    assert not places.socket_dir().exists()


@pytest.mark.engines
def test_servers_of_a_killed_process_are_found_again_and_stopped(
    user: subprocess.Popen[str], data: Path
) -> None:
    assert _ready(user) == "ready\n"
    postmaster = processes.holder(data / "postgres" / "postmaster.pid")
    user.kill()
    user.wait()

    second = _user()
    assert _ready(second) == "ready\n"
    found = processes.holder(data / "postgres" / "postmaster.pid")
    assert _let_go(second) == 0

    assert postmaster is not None
    assert found == postmaster
    assert _servers(data) == set()


@pytest.mark.engines
def test_many_at_once_start_one_server(data: Path) -> None:
    users = [_user() for _ in range(4)]

    assert [_ready(each) for each in users] == ["ready\n"] * 4
    sockets = _query("SELECT count(*) FROM pg_database WHERE datname = 'parley'")
    postmasters = [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres"
        and str(data / "postgres") in (process.info["cmdline"] or [])
    ]

    assert sockets == 1
    assert len(postmasters) == 1
    assert [_let_go(each) for each in users] == [0] * 4
    assert _servers(data) == set()


@pytest.mark.engines
def test_killed_servers_leave_no_obstacle_and_lose_nothing(data: Path) -> None:
    postgres.start()
    redis.start()
    with psycopg.connect(embedded.database_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
    for name in ("postgres/postmaster.pid", "redis/redis.pid"):
        server = processes.holder(data / name)
        assert server is not None
        processes.end(server, signal=signal.SIGKILL, patience_seconds=10)
    assert (data / "postgres" / "postmaster.pid").exists()

    postgres.start()
    redis.start()

    assert _query("SELECT figure FROM kept") == 7
    assert redis.is_running()


@pytest.mark.engines
def test_lock_file_that_names_another_living_process_is_seen_through(data: Path) -> None:
    postgres.start()
    pid_file = data / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    postgres.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    postgres.start()

    assert _query("SELECT 1") == 1


@pytest.mark.engines
def test_server_whose_socket_was_swept_away_is_started_anew(data: Path) -> None:
    postgres.start()
    redis.start()
    shutil.rmtree(places.socket_dir())

    postgres.start()
    redis.start()

    assert _query("SELECT 1") == 1
    assert redis.is_running()


@pytest.mark.engines
@pytest.mark.parametrize("engine", [postgres, redis])
def test_interrupted_start_leaves_no_server(
    engine: ModuleType, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def interrupt_the_wait() -> bool:
        if asked:
            raise KeyboardInterrupt
        asked.append("before it is launched")
        return False

    monkeypatch.setattr(engine, "is_running", interrupt_the_wait)

    with pytest.raises(KeyboardInterrupt):
        engine.start()

    assert _servers(data) == set()


@pytest.mark.engines
def test_half_made_cluster_is_made_again(data: Path) -> None:
    (data / "postgres.new" / "base").mkdir(parents=True)

    postgres.start()

    assert _query("SELECT 1") == 1
    assert not (data / "postgres.new").exists()


@pytest.mark.engines
def test_server_is_durable_private_and_sorts_by_itself(data: Path) -> None:
    postgres.start()

    assert _query("SHOW fsync") == "on"
    assert _query("SHOW synchronous_commit") == "on"
    assert _query("SHOW listen_addresses") == ""
    assert _query("SHOW TimeZone") == "UTC"
    assert _query("SELECT datlocprovider FROM pg_database WHERE datname = 'parley'") == "b"
    assert stat.S_IMODE(places.socket_dir().stat().st_mode) == 0o700


@pytest.mark.engines
def test_data_in_a_directory_with_an_odd_name_serves(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = data / "with spaces, 'quotes' and ü" / ("long" * 30) / ("longer" * 20)
    monkeypatch.setenv("PARLEY_DATA_DIR", str(odd))

    postgres.start()
    redis.start()

    assert _query("SHOW data_directory") == str(odd / "postgres")
    redis.stop()
    postgres.stop()
    shutil.rmtree(places.socket_dir())


def test_cluster_of_a_newer_postgres_is_named_and_left_alone(data: Path) -> None:
    cluster = data / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("19\n")
    (cluster / "base").mkdir()

    with pytest.raises(embedded.EngineError) as caught:
        postgres.start()

    assert str(caught.value).startswith(
        f"{cluster} was made by PostgreSQL 19; this version of Parley brings PostgreSQL 18. "
        "Nothing in it was touched."
    )
    assert sorted(path.name for path in cluster.iterdir()) == ["PG_VERSION", "base"]


@pytest.mark.engines
def test_server_that_cannot_start_says_why(data: Path) -> None:
    postgres.start()
    postgres.stop()
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")

    with pytest.raises(embedded.EngineError, match="no_such_setting"):
        postgres.start()


def test_missing_redis_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis.importlib.util, "find_spec", lambda _: None)

    with pytest.raises(embedded.EngineError) as caught:
        redis.find_program()

    assert str(caught.value) == (
        "No Redis server found: install one (Debian, Ubuntu: apt-get install redis-server; "
        "macOS: brew install redis), or name one with REDIS_URL=redis://host:6379/0."
    )


def test_redis_on_the_path_comes_first_unless_it_is_a_hollow_shim(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, status in (("redis-server", 127), ("valkey-server", 0)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {status}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis.find_program() == tmp_path / "valkey-server"


@pytest.mark.engines
def test_named_servers_are_used_and_ours_not_started(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://somewhere/else",
        "REDIS_URL": "redis://somewhere:6379/0",
    }

    subprocess.run(
        [sys.executable, "-c", "from config import embedded; embedded.ensure_running()"],
        cwd=places.PROJECT,
        env=environment,
        check=True,
    )

    assert not data.exists()


# --- processes ----------------------------------------------------------------------------------


def test_holder_is_known_by_its_directory_and_not_by_its_number(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    elsewhere = processes.holder(pid_file)
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as server:
        pid_file.write_text(f"{server.pid}\n")
        deadline = time.monotonic() + 10
        while (found := processes.holder(pid_file)) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        server.kill()

    assert elsewhere is None
    assert found is not None
    assert found.pid == server.pid
    assert processes.holder(pid_file) is None


def test_commands_beside_a_run_know_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path))

    assert places.running_address() is None
    places.run_record().write_text('{"address": "http://127.0.0.1:9000/"}')
    assert places.running_address() == "http://127.0.0.1:9000/"
    places.run_record().write_text("half a rec")
    assert places.running_address() is None
