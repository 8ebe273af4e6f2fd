"""What tests run in their own process instead of in one of its own: the reader, the command line.

A process costs half a second, and the suite would start a thousand. Tests marked `process` have the real
ones; what only those can show (limits, crashes, exit codes) is tested there.
"""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from unittest import mock

import structlog

from importers.child import answer
from importers.limits import Limits
from tracker import cli


def told_by(command: list[str], request: bytes, data: bytes, limits: Limits) -> bytes:
    """As `importers.sandbox.told_by`: what the child would answer, without the child."""
    return b"".join(answer(json.loads(request), data))


def tracker(
    arguments: tuple[str, ...], environment: Mapping[str, str], stdin: str
) -> "subprocess.CompletedProcess[str]":
    """As `python -m tracker` with these arguments, environment and input."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict("os.environ", environment, clear=True),
        mock.patch.object(sys, "argv", ["tracker", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        _logging_restored(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _ended_with()
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def _ended_with() -> int:
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@contextlib.contextmanager
def _logging_restored() -> Iterator[None]:
    """`logs.configure` keeps the stderr of its day, which is ours only for the command."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
