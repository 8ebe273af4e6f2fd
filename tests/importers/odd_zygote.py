"""A zygote whose children do what the file says instead of reading it: for test_forkserver.py."""

import os
import signal
import sys
import time
from pathlib import Path

from importers import child, zygote

SEEN: list[str] = []


def echo(data: bytes) -> bytes:
    return data


def seen(_data: bytes) -> bytes:
    """What earlier children of the same zygote left behind, and who forked the keeper."""
    SEEN.append("somebody")
    keepers = Path(f"/proc/{os.getppid()}/stat").read_text().split()
    return f"{len(SEEN)} {keepers[3]}".encode()


def surroundings(_data: bytes) -> bytes:
    names = " ".join(os.environ)
    descriptors = " ".join(str(n) for n in range(64) if Path(f"/proc/self/fd/{n}").exists())
    return f"{names}\n{descriptors}".encode()


def sleep(_data: bytes) -> bytes:
    time.sleep(60)
    return b""


def abort(_data: bytes) -> bytes:
    os.abort()


def kill_keeper(_data: bytes) -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    return b"K"


def stop_keeper(_data: bytes) -> bytes:
    os.kill(os.getppid(), signal.SIGSTOP)
    time.sleep(60)
    return b""


def main() -> None:
    """In place of `importers.child.main`; what it is to do is the first line."""
    name = sys.stdin.buffer.readline().strip().decode()
    if name == "deaf":
        os.abort()
    answer = globals()[name](sys.stdin.buffer.read())
    with os.fdopen(os.dup(1), "wb") as pipe:
        pipe.write(answer)


if __name__ == "__main__":
    zygote.READY = ()
    zygote.IDLE_SECONDS = float(os.environ.get("IDLE", "60"))
    child.main = main  # type: ignore[assignment]
    zygote.main()
