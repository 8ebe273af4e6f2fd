"""Persons who stand in a department column: 县教育局 李某某, 住建局（王某某）, one below the other.

Decided for a column as a whole: its header names persons too (责任单位及责任人), or half its cells
hold somebody who clearly is one. Then the persons name no department; the cell stays as a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from importers.namelists import ends_as_body
from importers.roles import ROLE_WORD

_NAMED = re.compile(r"责任人|负责人|联系人|联络员|经办人|人员|领导|姓名|及人|[/、]人$")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
    "沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫雷龙史陶贺毛郝顾龚邵万钱严武戴莫孔向汤温康施"
    "文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单季裴霍涂成苗谷"
    "曲盛冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆司古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏卫米柏"
)
_TITLE = (
    "(?:副?(?:[局处科股所站队院校镇乡县区市部行厂村组会厅署]长|主任|书记|经理"
    "|总监|主席|秘书长|调研员|专员)|同志|老师)"
)
_NAME = rf"(?:[\u3400-\u9fff]某{{1,2}}|[{_SURNAMES}][\u3400-\u9fff]{{1,2}}|[某×Xx*]{{2,3}})"
_SURE = re.compile(rf"{_NAME}(?:{_TITLE})?|{_TITLE}{_NAME}")
_LIKELY = re.compile(
    rf"[\u3400-\u9fff·]{{2,4}}|[\u3400-\u9fff]{{2,4}}{_TITLE}|{_TITLE}[\u3400-\u9fff]{{2,4}}"
)
_LABEL = re.compile(
    "(?:责任|负责|联系|经办|牵头)人|(?:责任|分管|牵头)领导|联络员|(?:联系|办公)?电话|手机号?码?"
)
_PHONE = re.compile(r"[\d\-—]{4,14}")
_BRACKET = re.compile(r"\s*[（(]([^（()）]{2,40})[)）]")
_GAPS = re.compile(r"([\s、，,；;：:/]+)")
_GLUED = re.compile(
    rf"(?<=[局委办院府室队部心镇乡处科司校站所会])(?:{_NAME}{_TITLE}?|{_TITLE}{_NAME})$"
)
_HALF = 0.5
_SAMPLE = 200


def stand_in(label: str, texts: Iterable[str]) -> bool:
    """Whether a department column with this header and these cells names persons as well."""
    sample = [text for text, _ in zip(texts, range(_SAMPLE), strict=False) if len(text) > 3]
    if _NAMED.search(label):
        return any(without(text) != text for text in sample)
    if not sample or not any(_GAPS.search(t) or "（" in t or "(" in t for t in sample):
        return False
    return sum(without(text, sure=True) != text for text in sample) >= _HALF * len(sample)


@lru_cache(maxsize=4096)
def without(text: str, sure: bool = False) -> str:
    """The departments of a cell alone; `sure`: only who has a surname or is called 某 goes."""
    told = _BRACKET.sub(lambda m: "" if _are_persons(m.group(1), sure) else m.group(), text)
    parts = _GAPS.split(told)
    if not sure:
        parts = [part if _is_office(part) else _GLUED.sub("", part) for part in parts]
    kept, seen = parts[:1], _is_office(parts[0])
    for gap, part in zip(parts[1::2], parts[2::2], strict=True):
        if not (seen and _are_persons(part, sure)):
            kept += [gap, part]
            seen = seen or _is_office(part)
    return "".join(kept).strip(" \n、，,；;：:/") if seen else text


def _is_office(part: str) -> bool:
    return len(part) > 1 and ends_as_body(part)


def _are_persons(text: str, sure: bool) -> bool:
    parts = [part for part in re.split(r"[\s、，,；;：:/]+", text) if part]
    return bool(parts) and all(_is_person(part, sure) for part in parts)


def _is_person(part: str, sure: bool) -> bool:
    if _PHONE.fullmatch(part) or _LABEL.fullmatch(part):
        return True
    if _SURE.fullmatch(part):
        return not ends_as_body(part) or "某" in part
    if sure or ends_as_body(part) or ROLE_WORD.search(part):
        return False
    return bool(_LIKELY.fullmatch(part))
