"""Status words → done, open or unclear. The words contain each other: 未完成 holds 完成."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Status = Literal["done", "open"]

_OPEN = re.compile(
    r"未|没有|尚|正在|进行中|推进中|办理中|整改中|序时|滞后|否$|^否|^×$|^✗$|逾期|(?<!已)启动|open|progress|%$"
)
_DONE = re.compile(
    r"^(已|已经|均已|全部|全部已|按时|按期|如期|提前|基本)?(完成|办结|销号|整改|落实|达标|结束)"
    r"(整改|到位|完成|销号|办结|落实)?$|^是$|^√$|^✓$|^100%$|^done$|^completed?$|^closed$"
)


def read_status(text: str) -> tuple[Status | None, bool]:
    """(status, clear). Empty text is no status and clear; words we do not know are not clear."""
    word = re.sub(r"\s+|[。；;，,]$", "", unicodedata.normalize("NFKC", text)).lower()
    if not word or word in ("/", "-", "—", "无"):
        return None, True
    if _DONE.search(word):
        return "done", True
    if _OPEN.search(word):
        return "open", True
    return None, False
