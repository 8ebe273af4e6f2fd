"""Status words → done, open or unclear. The words contain each other: 未完成 holds 完成."""

from __future__ import annotations

import re
from typing import Literal

from importers.grid import folded

Status = Literal["done", "open"]

_OPEN = re.compile(
    r"未|没有|尚|正在|进行中|推进中|办理中|整改中|序时|滞后|否$|^否|^×$|^✗$|逾期|(?<!已)启动|open|progress|%$"
)
_DONE = re.compile(
    r"^(已|已经|均已|全部|全部已|按时|按期|如期|提前)?(完成|办结|销号|达标|结束)(整改|销号|办结|落实)?$"
    r"|^(已|已经|均已|全部已)(整改|落实)$|^(已|已经|均已|全部|全部已|按时|按期|如期|提前)?(整改|落实)(到位|完成|完毕|办结|销号)$"
    r"|^是$|^√$|^✓$|^100%$|^done$|^completed?$|^closed$"
)


def read_status(text: str) -> Status | None:
    """The status, or None where the words do not say one clearly."""
    word = re.sub(r"[。；;，,]$", "", folded(text)).lower()
    if _DONE.search(word):
        return "done"
    return "open" if _OPEN.search(word) else None
