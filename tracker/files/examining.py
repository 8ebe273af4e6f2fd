"""The door: look at a file in a child process, and say what it is.

The child is forked from a clean interpreter that is kept ready, or is a new one where the system
cannot fork: a decoder can abort, hang or eat the memory of its process.
"""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from importers.forkserver import POSSIBLE, ForkServer, alone
from importers.sandbox import ROOT, clean_environment
from tracker import logs
from tracker.errors import InputError
from tracker.files.bounds import Bounds, Refused
from tracker.files.child import TOO_COSTLY
from tracker.files.kinds import ADVICE, KINDS, SHOWN, ending_of, foreign_content
from tracker.settings import Settings

CHILD = [sys.executable, "-m", "tracker.files.child"]
ZYGOTE = [sys.executable, "-m", "tracker.files.zygote"]
_SERVER = ForkServer(ROOT, clean_environment, ZYGOTE) if POSSIBLE else None


@dataclass(frozen=True)
class Examined:
    """What a file is. An image has a small and a large preview, both JPEG."""

    media_type: str
    small: bytes = b""
    large: bytes = b""


def bounds_of(settings: Settings) -> Bounds:
    """The bounds that the settings set."""
    return Bounds(
        members=settings.evidence_members, unpacked=settings.evidence_unpacked,
        pixels=settings.evidence_pixels, memory=settings.read_memory, seconds=settings.read_seconds,
    )  # fmt: skip


def examine(path: Path, name: str, bounds: Bounds) -> Examined:
    """What the file of this name is, by ending and by content; both must agree.

    Raises InputError with one sentence that names the file.
    """
    try:
        ending = _ending(name)
        _check_beginning(path, ending)
        small, large = _looked_at(path, ending, bounds) or (b"", b"")
    except Refused as refused:
        logs.get().info("evidence-refused", code=refused.code)
        raise InputError(f"佐证材料“{name}”{refused.why}。", "evidence") from refused
    return Examined(KINDS[ending].media_type, small, large)


def _ending(name: str) -> str:
    ending = ending_of(name)
    if ending in ADVICE:
        raise Refused("kind", f"是{ADVICE[ending]}")
    if ending not in KINDS:
        raise Refused("kind", f"的类型不能上传。可以上传：{SHOWN}")
    return ending


def _check_beginning(path: Path, ending: str) -> None:
    with path.open("rb") as file:
        beginning = file.read(16)
    if not beginning:
        raise Refused("empty", "是空文件。请检查后再上传")
    if KINDS[ending].group != "archive" and (other := foreign_content(beginning)):
        raise Refused("kind", f"的内容是{other}")


def _looked_at(path: Path, ending: str, bounds: Bounds) -> tuple[bytes, bytes] | None:
    """The child's two previews, if it is an image; its death is a refusal."""
    request = {"path": str(path.absolute()), "ending": ending, "bounds": bounds.to_dict()}
    head, _, rest = _asked(json.dumps(request).encode() + b"\n", bounds.seconds).partition(b"\n")
    said = json.loads(head)
    if "why" in said:
        raise Refused(said["code"], said["why"])
    if not said["previews"]:
        return None
    first = said["previews"][0]
    return rest[:first], rest[first:]


def _asked(request: bytes, seconds: float) -> bytes:
    try:
        done = (
            _SERVER.ask([request], seconds)
            if _SERVER
            else alone(CHILD, request, seconds, ROOT, clean_environment())
        )
    except (TimeoutError, subprocess.TimeoutExpired):
        raise Refused("too_costly", TOO_COSTLY) from None
    output, code = done or (b"", None)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Refused("too_costly", TOO_COSTLY)
    if code != 0 or b"\n" not in output:
        raise Refused("died", "打开时检查程序异常退出。请用原来的程序另存后再上传")
    return output
