"""Status words → done, open or unclear. The words contain each other: 未完成 holds 完成."""

from __future__ import annotations

import re
from typing import Literal

from importers.grid import folded
from importers.traditional import simplified

Status = Literal["done", "open"]

_HOW = "(?:已|已经|均已|业已|全部|全部已|已全部|按时|按期|如期|提前|超额|顺利|圆满|逾期|超期|超时|延期|均)*"
_END = "完成|办结|销号|结案|竣工|验收|达标|结束|解决|关闭|交付"
_DONE = re.compile(
    rf"{_HOW}(?:{_END})+(?:率?100%|整改|销号|办结|落实|任务|工作|交付|使用|完毕|合格|通过)?"
    r"|(?:已|已经|均已|业已|全部已|已全部)(?:整改|落实|解决|处理|办理|答复|归档|关闭|兑现|化解|整治|处置|拆除|修复|消除)"
    rf"|{_HOW}(?:整改|落实|办理|处理|处置|建设|解决|验收)(?:到位|完成|完毕|办结|销号|合格|通过)"
    r"|是|[√✓✔☑]|(?:完成)?(?:率|进度)?100(?:\.0+)?%|y(?:es)?|done|completed?|closed|finished"
)
_OPEN = re.compile(
    r"未|没有|没完|尚|不能|无法|正在|待|即将|预计|计划|部分|推进|进行|[办整处实改]\S?理?中|在[办建改]|序时|滞后|逾期|超期|延期"
    r"|启动|开工|长期|持续|接近|否$|^[××✗✘☐□]$|申请办结"
    r"|^no?$|open|progress|pending|not|incomplete|delayed|overdue|ontrack|started|wip|^todo|backlog|^new$|blocked|planned|onhold|%$"
)
_DONE_ON = re.compile(r"已?[于在]?[\d年月日号.\-/]{2,12}前?(?:已|按期)?(?:完成|办结|销号|整改到位)")
_BEGINS_DONE = re.compile("(?:已|已经)?(?:完成|办结|销号)")
"""Done, and then something more: 已完成，持续推进."""
_REMARK = re.compile(r"\([^()]*\)$")
_DOUBT = re.compile(r"未|除|部分|待|正在|尚|不|%|无")


def read_status(text: str) -> Status | None:
    """The status, or None where the words do not say one clearly."""
    word = re.sub(r"[。；;，,.]$", "", simplified(folded(text[:200]))).lower()
    remark = _REMARK.search(word)
    if remark and remark.start() and not _DOUBT.search(remark.group()):
        word = word[: remark.start()]
    if _DONE.fullmatch(word) or _DONE_ON.fullmatch(word):
        return "done"
    if _BEGINS_DONE.match(word) and not _DOUBT.search(word):
        return None
    return "open" if _OPEN.search(word) else None
