"""What must be true of every outcome, whichever way the file was read."""

from __future__ import annotations

from typing import Any

from .case import Case

SECONDS, MEGABYTES = 10, 512


def wrong(case: Case, said: dict[str, Any]) -> str:
    """What is not as it must be, '' if all of it is. `said` is as `measure.outcome` gives it."""
    if "raised" in said:
        return str(said["raised"])
    if said["seconds"] > SECONDS:
        return f"took {said['seconds']} s"
    if said["megabytes"] > MEGABYTES:
        return f"took {said['megabytes']} MB"
    if case.codes:
        return _wrong_refusal(case, said)
    return str(said.get("fault", f"refused: {said.get('code')} {said.get('message')}"))


def _wrong_refusal(case: Case, said: dict[str, Any]) -> str:
    if said.get("code") not in case.codes:
        return (
            f"not {' or '.join(case.codes)} but {said.get('code', 'read')} {said.get('detail', '')}"
        )
    message = said["message"]
    if case.place not in message or "！" in message:
        return f"does not name {case.place}: {message}"
    return "" if f"《{case.filename}》" in message else f"does not name the file: {message}"
