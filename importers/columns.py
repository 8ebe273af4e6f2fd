"""Header words → meaning, by declaration. The words are those of the field's own tables."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Meaning = str
"""One of the keys of WORDS, or 'responsible' (lead when alone, support beside a lead column)."""

WORDS: dict[Meaning, str] = {
    "number": ("序号 序 编号 任务编号 NO. NO ID #"),
    "category": (
        "类别 板块 领域 场景领域 项目 子项目 章节 重点工程 重点举措 一级指标 "
        "下沉模式 联动领域 分类 类型 大类 小类 任务类别 工作类别 事项类别 group "
        "category"
    ),
    "task": (
        "工作任务 任务 重点任务 具体任务 任务名称 任务内容 具体工作 工作内容 "
        "重点工作内容 重点工作 交办事项 督办事项 联动事项 事项 事项名称 服务事项 "
        "服务事项名称 工作事项 细则内容 Task Action Initiative Deliverable"
    ),
    "measure": (
        "实施路径 工作举措 推进措施 工作措施 具体措施 具体举措 整改措施 工作目标 "
        "目标任务 工作指标 二级指标 问题描述 存在问题 问题"
    ),
    "lead": (
        "牵头单位 牵头部门 牵头责任单位 牵头责任部门 主要责任单位 主要责任部门 "
        "主办单位 主办部门 主责部门 主责单位 牵头 Lead_Department Lead_Agency "
        "Accountable Lead"
    ),
    "responsible": (
        "责任部门 责任单位 责任主体 责任处室 责任科室 建设主体 责任 落实单位 "
        "owner Responsible Department"
    ),
    "support": (
        "配合单位 配合部门 协办单位 协办部门 协同配合单位 其他责任单位 参与单位 "
        "参与部门 承办单位 涉及部门 配合 co Support"
    ),
    "person": (
        "责任人 负责人 经办人 联系人 联络员 责任领导 牵头领导 分管领导 "
        "分管市领导 分管县领导 包保领导 责任人及电话 联系方式 联系电话"
    ),
    "deadline": (
        "完成时限 完成时间 完成 时间节点 时限 整改时限 办结时限 拟投入运营时间 "
        "达标时间 计划完成时间 截止时间 截止日期 完成期限 期限 时间要求 时限要求 "
        "Due Due_date Target_Completion Deadline"
    ),
    "mode": ("测评方式 测评方法 考核方式 考核方法 检查方式 评价方式"),
    "points": ("分值 得分值 标准分 标准分值 权重 Points"),
    "score": ("得分 自评分"),
    "standard": ("标准要求 测评标准 考核标准 考核要点 工作标准 达标标准 评分标准 目标值 标准"),
    "site": ("站点设置 点位"),
    "progress": ("进展情况 具体进展 工作进展 存在的困难或问题 下一步工作计划 工作进展情况"),
    "status": ("完成情况 任务状态 是否完成 整改情况 销号情况 状态 Status"),
    "evidence": ("佐证材料 需上传材料"),
    "origin": ("任务来源"),
    "note": ("备注 Note Notes Remarks"),
    "name": ("单位全称 单位名称 机构名称 部门名称 全称 机构全称 单位"),
}

PLAN_MARKS = frozenset({"lead", "responsible", "support", "deadline", "mode"})
"""A task column needs one of these beside it before a table is a plan."""

NOT_A_PLAN = {
    "总投资": "表头有“总投资”，像是项目清单",
    "建议责任单位": "表头有“建议责任单位”，像是征求意见表",
    "建议牵头单位": "表头有“建议牵头单位”，像是征求意见表",
    "页码": "表头有“页码”，像是目录",
}

_CONTAINED = (
    (re.compile(r"(牵头|主办|主责).*(单位|部门|主体|处室|机构)"), "lead"),
    (re.compile(r"(配合|协办|协同|参与|协助).*(单位|部门|机构)"), "support"),
    (re.compile(r"责任.*(单位|部门|主体|处室)$"), "responsible"),
    (re.compile(r"(责任人|联系人|领导|负责人)"), "person"),
    (
        re.compile(r"(完成|整改|办结|截止)?(时限|期限)|完成(时间|日期)|截止(时间|日期)|时间节点"),
        "deadline",
    ),
    (re.compile(r"(考核|测评|检查|评价)(方式|方法)"), "mode"),
    (re.compile(r"^\d{4}年?目标值$|(考核|测评|达标|评分)标准"), "standard"),
    (re.compile(r"(工作|重点|具体|主要)任务|任务(内容|名称|描述)"), "task"),
    (re.compile(r"(工作|推进|整改|具体|落实)(措施|举措)"), "measure"),
)
_JUNK = re.compile(r"[\s★▲●*:：_]+")
PLAIN_LENGTH = 14
"""A longer header has spaces or brackets in it, or is none."""
LAID_OUT = re.compile(r"[\s(（〔【\[★▲●*_]")
_BRACKET = re.compile(r"[(〔【\[][^()〔〕【】\[\]]*[)〕】\]]")


def _declared() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for meaning, words in WORDS.items():
        for word in words.split():
            table.setdefault(_key(word), meaning)
    return table


def _key(text: str) -> str:
    return _JUNK.sub("", unicodedata.normalize("NFKC", text)).lower()


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """What a header word means, or None. Spaces and a bracketed remark do not count."""
    if len(header) > PLAIN_LENGTH and not LAID_OUT.search(header):
        return None
    key = _key(header)
    if not key or len(key) > 24:
        return None
    bare = _BRACKET.sub("", key)
    exact = _TABLE.get(key) or _TABLE.get(bare)
    if exact:
        return exact
    if len(bare) > 14:
        return None
    return next((meaning for pattern, meaning in _CONTAINED if pattern.search(bare)), None)


def refusal_of(header: str) -> str | None:
    """Why a table with this header is no plan, or None."""
    key = _key(header)
    return next((why for word, why in NOT_A_PLAN.items() if key.startswith(word)), None)


_TABLE = _declared()
ENDINGS = {key[-1] for key in _TABLE} | set("构导限间点期式法值准务容称述施措求度况料源注举责")
ENDINGS |= {ending.upper() for ending in ENDINGS} | set(")）]】〕:： \n　*")
"""Last characters a header may have: what ends otherwise need not be looked up."""
