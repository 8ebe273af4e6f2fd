"""Named places where a crash could tear something, so that kill tests are cheap.

Off unless the environment variable TRACKER_FAILPOINT names one; then reaching that place ends
the process at once, as a power cut would. `NAME:3` lets the place be passed twice first.
"""

import os
import signal

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if the setting names this place."""
    wanted = os.environ.get("TRACKER_FAILPOINT", "")
    if not wanted:
        return
    place, _, count = wanted.partition(":")
    if place != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
