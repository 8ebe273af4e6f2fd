"""The child process: limits itself, looks at one file, answers on stdout, ends.

Asked: a line of JSON {path, ending, bounds}. Answer: a line of JSON, {media_type, previews: [size,
size]} and behind it the previews, or {code, why}.
"""

import gc
import json
import sys
from pathlib import Path
from typing import Any

from importers.child import limit_resources, private_stdout
from importers.isolation import cut_network
from importers.limits import Limits
from tracker.files import archives, documents
from tracker.files.bounds import Bounds, Refused
from tracker.files.kinds import KINDS, Group


def examined(path: Path, ending: str, bounds: Bounds) -> tuple[bytes, ...]:
    """The previews of a file that is what it says; none but images have some. Raises Refused."""
    if KINDS[ending].group == Group.IMAGE:
        from tracker.files import pictures

        return pictures.previews(path, ending, bounds)
    if ending == "pdf":
        documents.check_pdf(path)
    elif ending in ("doc", "xls"):
        documents.check_old_office(path, ending)
    elif ending in ("docx", "xlsx"):
        archives.check_office(path, ending, bounds)
    elif ending == "ofd":
        archives.check_ofd(path, bounds)
    else:
        archives.check_zip(path, bounds)
    return ()


def answer(request: dict[str, Any]) -> bytes:
    """What to hand back; a refusal is an answer, too."""
    try:
        bounds = Bounds(**request["bounds"])
        found = examined(Path(request["path"]), request["ending"], bounds)
    except Refused as refused:
        return _line({"code": refused.code, "why": refused.why})
    except MemoryError:
        return _line({"code": "too_costly", "why": TOO_COSTLY})
    return _line({"previews": [len(one) for one in found]}) + b"".join(found)


TOO_COSTLY = "要用的内存或时间超过上限，没有打开。请缩小或拆分后再上传"


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def main() -> None:
    """Serve the one request on stdin."""
    gc.disable()
    request = json.loads(sys.stdin.buffer.readline())
    bounds = Bounds(**request["bounds"])
    cut_network()
    limit_resources(
        Limits(child_memory=bounds.memory, child_cpu_seconds=max(1, int(bounds.seconds)))
    )
    with private_stdout() as pipe:
        pipe.write(answer(request))


if __name__ == "__main__":
    main()
