"""What must be true of every outcome, whichever way the file was read."""

from __future__ import annotations

from typing import Any

from .case import Case

SECONDS, MEGABYTES = 10, 512
LONGEST = 250
"""Characters of a message."""


def wrong(case: Case, said: dict[str, Any]) -> str:
    """What is not as it must be, '' if all of it is. `said` is as `measure.outcome` gives it."""
    if spoiled := _spoiled(said):
        return spoiled
    if case.codes:
        return _wrong_refusal(case, said)
    return str(said.get("fault", f"refused: {said.get('code')} {said.get('message')}"))


def _spoiled(said: dict[str, Any]) -> str:
    """What no answer makes good."""
    if "raised" in said:
        return str(said["raised"])
    if said["seconds"] > SECONDS:
        return f"took {said['seconds']} s"
    return f"took {said['megabytes']} MB" if said["megabytes"] > MEGABYTES else ""


def wrong_of_any(filename: str, said: dict[str, Any], codes: frozenset[str]) -> str:
    """The same of a file of which nobody knows how it must end: it is read, or refused by one of
    these codes in a line that names it. A fault of ours is no refusal."""
    if spoiled := _spoiled(said):
        return spoiled
    if "code" not in said:
        return str(said["fault"])
    if said["code"] not in codes:
        return f"refused by {said['code']}: {said['detail']}"
    return _wrong_line(filename, said["message"])


def _wrong_line(filename: str, message: str) -> str:
    """A refusal is one line that can be shown anywhere and names the file."""
    long = len(message) - len(filename) > LONGEST
    if f"《{filename}》" not in message or not message.isprintable() or long:
        return f"not a line that names the file: {message[:300]!r}"
    return ""


def _wrong_refusal(case: Case, said: dict[str, Any]) -> str:
    if said.get("code") not in case.codes:
        return (
            f"not {' or '.join(case.codes)} but {said.get('code', 'read')} {said.get('detail', '')}"
        )
    message = said["message"]
    if case.place not in message or "！" in message:
        return f"does not name {case.place}: {message}"
    return _wrong_line(case.filename, message)
