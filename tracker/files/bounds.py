"""How much a sent file may ask of us, and the refusal of one that asks for more or is not what it
says."""

from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """`members` and `unpacked` (bytes) of a zip, `pixels` of an image, `memory` (bytes) and
    `seconds` of the child process. `ratio` is how far a large member may have been packed."""

    members: int = 2000
    unpacked: int = 500 * MEGABYTE
    ratio: int = 200
    pixels: int = 100_000_000
    memory: int = 1024 * MEGABYTE
    seconds: float = 30.0

    def to_dict(self) -> dict[str, Any]:
        """As the child is told."""
        return asdict(self)


class Refused(Exception):
    """The file cannot be evidence. `why` follows the file's name in a sentence, without a full stop;
    `code` is one word for tests and logs."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code)
        self.code = code
        self.why = why


def not_a(ending: str) -> Refused:
    """The content belies the name."""
    return Refused("not_what_it_says", f"的内容不是 {ending} 文件。请用原来的程序另存后再上传")


def torn(ending: str) -> Refused:
    """The file breaks off or contradicts itself."""
    return Refused(
        "damaged", f"不完整或已损坏，不能作为 {ending} 打开。请重新保存或重新下载后再上传"
    )


MACROS = Refused("macros", "带有宏，不能上传。请另存为不带宏的文件后再上传")
LOCKED = Refused("locked", "设有打开密码，审核人打不开。请取消密码后再上传")
