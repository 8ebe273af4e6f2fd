"""The words over columns, as the field's own tables write them, by what the column does."""

from __future__ import annotations

import re

WORDS: dict[str, str] = {
    "number": "序号 序 编号 任务编号 项目编号 事项编号 问题编号 项次 NO. NO ID # S/N WBS Ref",
    "category": (
        "类别 板块 领域 场景领域 项目 子项目 章节 重点工程 重点举措 一级指标 下沉模式 联动领域 "
        "分类 类型 大类 小类 任务类别 工作类别 事项类别 任务分类 工作领域 重点领域 专项 篇章 条目 "
        "group category Area Workstream Pillar Phase"
    ),
    "task": (
        "工作任务 任务 重点任务 任务名称 重点工作 主要任务 目标任务 整改任务 任务清单 主要工作 "
        "工作名称 工作事项 重点事项 任务事项 改革事项 交办事项 督办事项 联动事项 事项 事项名称 "
        "服务事项 服务事项名称 工作要点 工作项目 实事项目 议定事项 "
        "Task Task_Name Action Initiative Deliverable Activity Milestone Action_item Action_step Key_task "
        "Work_package Item"
    ),
    "content": (
        "任务内容 工作内容 重点工作内容 具体任务 具体工作 具体内容 具体事项 细则内容 主要内容 "
        "重点内容 建设内容 细化任务 任务分解 工作任务分解 事项内容 Task_description Description"
    ),
    "measure": (
        "实施路径 工作举措 推进措施 工作措施 具体措施 具体举措 整改措施 落实措施 主要措施 主要举措 "
        "推进举措 落实举措 办理措施 改进措施 攻坚举措"
    ),
    "issue": "问题描述 存在问题 问题 存在的问题 问题内容 反馈问题 隐患描述 问题清单 主要问题 具体问题",
    "goal": "工作目标 工作指标 二级指标 目标 预期目标 年度目标 阶段目标 预期成效 工作成效",
    "lead": (
        "牵头单位 牵头部门 牵头责任单位 牵头责任部门 主要责任单位 主要责任部门 主办单位 主办部门 "
        "主责部门 主责单位 牵头 主办 主责 Lead_Department Lead_Agency Accountable Lead Lead_unit"
    ),
    "responsible": (
        "责任部门 责任单位 责任主体 责任处室 责任科室 建设主体 责任 落实单位 承办单位 承办部门 "
        "执行单位 实施单位 办理单位 承担单位 责任股室 责任学校 责任村 责任镇街 部门 责任方 资源名称 "
        "owner Responsible Department Task_owner Assigned_to Assignee Responsible_Department "
        "Responsible_unit Responsible_party"
    ),
    "support": (
        "配合单位 配合部门 协办单位 协办部门 协同配合单位 其他责任单位 参与单位 参与部门 涉及部门 "
        "会办单位 会办部门 配合 协办 协同 协助 参与 co Support Supporting_department Supporting Consulted"
    ),
    "person": (
        "责任人 负责人 经办人 联系人 联络员 责任领导 牵头领导 分管领导 分管市领导 分管县领导 "
        "包保领导 责任人及电话 联系方式 联系电话 电话 Contact"
    ),
    "deadline": (
        "完成时限 完成时间 完成 时间节点 时限 整改时限 办结时限 拟投入运营时间 达标时间 "
        "计划完成时间 截止时间 截止日期 完成期限 期限 时间要求 时限要求 时间安排 计划时间 进度安排 止 截止 "
        "Due Due_date Target_Completion Deadline Target_date End_date Completion_date By_when"
    ),
    "begin": "启动时间 开始时间 开工时间 起始时间 起 起始 开始 交办时间 交办日期 下达时间 Start Start_date",
    "mode": "测评方式 测评方法 考核方式 考核方法 检查方式 评价方式 考评方式",
    "points": "分值 得分值 标准分 标准分值 权重 Points Weight",
    "score": "得分 自评分 考核得分 Score",
    "standard": "标准要求 测评标准 考核标准 考核要点 工作标准 达标标准 评分标准 目标值 标准",
    "site": "站点设置 点位",
    "progress": (
        "进展情况 具体进展 工作进展 存在的困难或问题 下一步工作计划 工作进展情况 落实情况 "
        "推进情况 办理情况 Progress"
    ),
    "status": (
        "完成情况 任务状态 是否完成 整改情况 销号情况 状态 完成状态 办理状态 是否办结 是否销号 "
        "Status"
    ),
    "evidence": "佐证材料 需上传材料 印证材料 证明材料 Evidence",
    "origin": "任务来源 来源 问题来源 文件依据 Source",
    "note": "备注 Note Notes Remarks Comment Comments",
    "name": "单位全称 单位名称 机构名称 部门名称 全称 机构全称 单位",
}

ROLE_WORDS = frozenset(
    ["牵头", "主办", "主责", "责任", "配合", "协办", "协同", "参与", "lead", "support", "co"]
)
"""Header words that stand as marks in the cells of a matrix, too."""

_OFFICE = r"(?:单位|部门|主体|机关|处室|科室|股室|机构|处[(]?科|科[(]?处|镇街|街镇)"
CONTAINED = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (rf"(?:牵头|主办|主责|主抓|主要责任|发起).*{_OFFICE}", "lead"),
        (rf"(?:配合|协办|协同|协作|协助|参与|参加|联合|其他责任).*{_OFFICE}", "support"),
        (rf"(?:责任|负责|承办|落实|实施|办理|执行|承担|整改).*{_OFFICE}[)]?$", "responsible"),
        (rf"(?:责任|承办|落实|实施|执行){_OFFICE}[及和与、/](?:责任|负责)?人", "responsible"),
        (r"责任人|联系人|领导|负责人|联络员", "person"),
        (r"(?:启动|开始|开工|起始|交办|下达|填报|更新|发布|实际.*)(?:时间|日期)|^阶段", "begin"),
        (
            r"(?:完成|整改|办结|截止|办理|落实)?(?:时限|期限)|(?:完成|截止|办结|整改|达标)"
            r"(?:时间|日期)|时间(?:节点|要求|安排)",
            "deadline",
        ),
        (r"(?:考核|测评|检查|评价|考评)(?:方式|方法)", "mode"),
        (r"^\d{4}年?目标值$|(?:考核|测评|达标|评分)标准", "standard"),
        (r"(?:具体|细化)(?:任务|工作|内容|事项)|任务(?:内容|描述)|工作内容", "content"),
        (r"(?:工作|重点|主要)任务|任务名称|(?:重点|督办|督查|交办|整改)事项", "task"),
        (r"(?:工作|推进|整改|具体|落实|主要|重点)(?:措施|举措)", "measure"),
    )
)
"""What a header contains that no list holds whole, the surest first."""

NOT_A_PLAN = {
    "总投资": "表头有“总投资”，像是项目清单",
    "建议责任单位": "表头有“建议责任单位”，像是征求意见表",
    "建议牵头单位": "表头有“建议牵头单位”，像是征求意见表",
    "页码": "表头有“页码”，像是目录",
}
