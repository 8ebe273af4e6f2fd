"""A deed in a process of its own, which may be killed on the way.

A new interpreter needs seconds to import the tracker. The standard library's fork server imports it once for
the whole session and forks a child for each deed; the server itself does nothing, so that the child has no
connection, lock or thread of anybody else's. One kill of every room is done in a new interpreter all the same.
"""

import ast
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds for a deed; one that hangs fails its test."""

_servers = multiprocessing.get_context("forkserver")
_servers.set_forkserver_preload(["tests.conftest", "tests.evidence.taking"])


def ended(deed: Callable[..., object], *arguments: object, **environment: str) -> int:
    """The exit code of a child that did the deed: 0, 1 after an exception, -9 if a failpoint killed it.

    `deed` and its arguments travel by pickle; `environment` is added to this process's own."""
    told = {**os.environ, **environment}
    child = _servers.Process(target=_do, args=(deed, arguments, told))
    child.start()
    child.join(PATIENCE)
    if child.exitcode is None:
        child.kill()
        raise TimeoutError(f"{deed.__name__} took more than {PATIENCE} s")
    return child.exitcode


def ended_anew(deed: Callable[..., object], *arguments: object, **environment: str) -> int:
    """As `ended`, in a new interpreter; arguments are plain values."""
    command = [
        sys.executable,
        "-m",
        "tests.doomed",
        deed.__module__,
        deed.__name__,
        repr(arguments),
    ]
    told = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=told, check=False, timeout=PATIENCE).returncode


def _do(deed: Callable[..., object], arguments: tuple[object, ...], told: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(told)
    deed(*arguments)


def main(module: str, name: str, arguments: str) -> None:
    """What `ended_anew` calls."""
    getattr(import_module(module), name)(*ast.literal_eval(arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
