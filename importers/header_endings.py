"""What a header means by the way it is built: authors coin new ones, and most end as others do.

These hold only for the columns of a row that is known to be a header; in a row of a plan's body
'安全生产工作' is no header word. Each list is searched in order, what is surest first.
"""

from __future__ import annotations

import re

_WHEN = "(?:时间|日期|年月|时点)"
_OFFICE = (
    "(?:单位|部门|主体|机构|机关|科所|站所|部室|室部|所队|委办局?|处室|科室|股室|处|科|室|股|办|专班|工作组|小组|党?支部|党组织|班子|中心"
    "|院系?|系部|学院|学校|医院|企业|公司|团队|班组|组|车间|镇街|街镇|乡镇|镇|乡|街道|村居?|社区|苏木"
    "|县市?区?|区县|市县|地区|属地|方)"
)
_DOES = (
    "责任|权责|起草|拟定|撰写|负责|承办|落实|实施|办理|执行|承担|承接|整改|完成|建设|施工|揭榜|包干|攻关|主持|中标|主管|监管|管理|属地|承建"
    "|申报|经办"
)
_HELPS = (
    "配合|协办|协同|协作|协助|参与|参加|联合|会办|协管|支持|支撑|其他责任"
    "|成员|包联|包保|包抓|帮扶|结对|挂联|挂钩"
)
_WATCHES = (
    "指导|发榜|需求|委托|出题|发包|督导|督办|督查|验收|考核|监督|检查"
    "|复核|审核|评分|报送|填报|反馈|来文|交办|提出|使用|编制|制表|联系|上级"
)
_JUDGES = "考|测|评|查|访|审|核|验|计分|打分|认定|监测"
_FINISHED = (
    "完成|办结|整改|销号|落实|达标|解决|到位|达到|结束|验收|通过|化解|闭环|归档|交付|逾期|合格"
)
_OTHER_DAYS = (
    "启动|开始|开工|起始|交办|下达|填报|更新|发布|发现|检查|排查|登记|受理|来电|来访|销号|核查|复查|复核"
    "|验收|反馈|报送|上报|印发|立项|录入|提交|制表|统计|入库|发生|收文|签收"
)
_NO_UNIT = "人|领导|状|书|事|清单|内容|目标|追究|制|田|区|点|边界|要求|体系|分值|路段"

_CHINESE = (
    (
        "trait",
        r"^(?:包联|包保|包抓|帮扶|结对|挂联|挂钩|联系|驻点?|受援).{0,2}(?:村|社区|户|镇|乡|企业|学校|项目|对象)$",
    ),
    ("trait", r"^(?:保障|奖惩|激励|应急|安全|质量|监督|约束)(?:措施|机制)$"),
    ("trait", r"^(?:前置|后续|紧前|关联|父)(?:任务|工作|事项)"),
    ("number", r"^标识号?$|^(?:单|项目|任务|问题|榜单|清单|条目|工单)号$"),
    ("number", r"^(?:总|分|原)?(?:序号|编号|序次|项次|次序|顺序号?|代码|编码|条款号?|条目号)$"),
    ("number", r"(?<!文件)(?<!信用)(?:编码|序号|代码|编号)$"),
    ("begin", r"(?:开始|启动|开工)$|^实际"),
    ("deadline", r"^(?:计划|预计|拟|要求)(?:完成|办结|竣工|投产|开业)$|时间进[度程]$"),
    ("progress", r"^(?:下一?步|目前|当前|存在的?困难|困难)"),
    (
        "progress",
        r"(?:化解|处置|处理|整治|解决|兑现|答复|调度|开展|实施|执行|工作|办理|改进|跟进)(?:情况|情形|状况)$",
    ),
    ("progress", r"(?:进展|进度|动态|完成率|百分比|成效|亮点|打算)$"),
    ("begin", rf"实际|(?:{_OTHER_DAYS}).*{_WHEN}$"),
    ("deadline", rf"(?:时限|期限|年限|限期|期程|{_WHEN}|工期)$|时间表$"),
    (
        "deadline",
        r"^(?:时间|完成|办结|整改|推进)?(?:节点|进度)(?:时间|要求|安排)?$|(?:完成|截止|到期|办结)日$",
    ),
    ("responsible", rf"^(?:被|受检|受查|迎检|受评).*{_OFFICE}$"),
    ("lead", rf"(?:牵头|主办|主责|主抓|主要责任|总负责|发起).*{_OFFICE}$"),
    ("lead", r"^(?:牵头|主办|主责)(?!.*(?:领导|人|事项|任务|工作)$).{1,5}$"),
    ("support", rf"(?:{_HELPS}).*{_OFFICE}$|^[参协配助辅联共].{{0,3}}{_OFFICE}$"),
    ("responsible", rf"(?:{_DOES}).*{_OFFICE}$|专班$"),
    ("responsible", r"^(?:科室|处室|股室|部室|镇街|乡镇|街道|县区|区县|责任分工|分工)$"),
    ("responsible", rf"^责任(?!{_NO_UNIT}).{{1,4}}$"),
    ("responsible", r"^(?:执行|承办|包干)(?:病区|班组|片区|网格|车间|队伍?|者|方)$"),
    ("watcher", rf"(?:{_WATCHES}).*{_OFFICE}$"),
    ("person", r"(?:领导|人|人员|联络员|书记|[校院局处科区县镇市]长|主任|专员|经理)$"),
    ("person", r"(?:电话|手机|号码|邮箱)$"),
    ("status", rf"^是否(?:已|按期|按时|全部)*(?:{_FINISHED})|(?:状态|状况|亮灯|灯号|结果|结论)$"),
    ("points", r"^(?:应得|标准|基准|基础|考核|总)?分数?$"),
    ("points", r"(?:分值|满分|应得分|标准分|基准分|基础分|赋分|配分|权重|权数)$"),
    ("score", r"(?:得分|评分|自评|自评分|考评分|核分|扣分|加分|减分|打分)$"),
    ("mode", rf"(?:{_JUDGES}).*(?:方式|方法|形式|手段)$|^(?:方式|方法)$"),
    ("evidence", r"(?:材料|资料|佐证|档案|台账|交付物|附件|证明)$"),
    ("origin", r"(?:来源|依据|出处)$"),
    ("topic", r"^(?:工作|行动|实施|任务|推进)(?:计划|安排|打算)$"),
    ("standard", r"(?:标准|要求|办法|细则|标志|口径|解释|规则|成果|指标值|目标值|基准值|实绩)$"),
    ("standard", r"(?:规模|计划|安排|方案)$"),
    ("note", r"(?:备注|说明|附注)$"),
    ("trait", r"(?:方式|方法|形式|手段)$"),
    ("trait", r"(?:级别|等级|性质|优先级|紧急程度|周次|次数|频次|频率)$"),
    ("trait", r"(?:金额|资金|投资|预算|数量|单价|面积|位置|地点|地址|点位)$"),
    ("goal", r"(?:目标|指标)$"),
    ("topic", r"(?:名称|题目|标题|主题|课题|案由|议题)$"),
    ("issue", r"(?:问题|隐患|风险点?|缺陷|短板|弱项).*(?:内容|情况|情形|描述|表现|事项)$"),
    ("content", r"^具体(?:安排|做法)$|^规定动作$|(?:内容|细项|明细|详情)$"),
    ("measure", r"(?:措施|举措|做法|路径|对策|步骤)$"),
    (
        "issue",
        r"(?:难题|痛点|堵点|难点)$|^问题.*(?:表现|情形|现象|事实)$|(?:表现|现象|风险点?|问题|隐患|不足|短板|诉求|描述|简述|线索|摘要|概述|表述)$",
    ),
    ("task", r"(?:任务|工作|工作项|事项|要点|活动|清单|职责|职责分工)$"),
    (
        "category",
        r"(?:类|类别|类型|领域|板块|模块|维度|环节|章节|篇章|层级|专题|方向|面向|层面|产业链|链条|赛道|行业|体系|系统)$",
    ),
    ("category", r"(?:片区|区域|月份|月度|季度|工程|行动|部分|方面|阶段|分组|条线|项目)$"),
)
_ENGLISH = (
    ("number", r"^(?:no|nr|ref|reference|id|#|wbs|sn|code|serial|key|uid)\.?$"),
    ("number", r"^(?:item|task|action|ref|code|serial)(?:no|id|nr|number|code|#)\.?$"),
    ("progress", r"%|percent|progress|update|achieved"),
    ("begin", r"^(?:actual|start|begin|from|baseline|last|opened|raised|created|logged)"),
    ("begin", r"^date(?:raised|opened|identified|created|logged|closed)"),
    ("evidence", r"evidence|verification"),
    ("deadline", r"due|deadline|target(?:ed)?date|finish|enddate|completion|completeby|bywhen"),
    ("deadline", r"^when|time(?:line|frame|scale)|timing|schedule|dates?$"),
    ("lead", r"^(?:lead|accountable|primary|principal|chief)"),
    (
        "support",
        r"(?:help|assist|support)edby|^with$|support|partner|consult|collaborat|contribut|assist|stakeholder|^co-?(?:lead|own)",
    ),
    (
        "responsible",
        r"^(?:action|done|led|delivered|carriedout|performed|owned)by|^(?:actionee|byunit)",
    ),
    ("responsible", r"responsib|owner|assigne|resourcenames?|incharge|implementer|implementing"),
    ("responsible", r"agenc|department|dept|division|^unit|office$|^who|^team"),
    ("person", r"contact|manager|person|officer|sponsor|executive|e-?mail|phone"),
    ("status", r"status|^state$|^rag|^completed|^done"),
    ("points", r"points|weight|maxscore"),
    ("score", r"score"),
    ("standard", r"indicator|success|kpi|metric|target|criteri|standard"),
    ("note", r"note|remark|comment"),
    (
        "trait",
        r"risk|budget|duration|predecessor|^priority(?:level)?$|resource(?!names?$)|cost|dependenc|location",
    ),
    ("category", r"goal|objective|theme|pillar|phase|area|workstream|focus|component"),
    ("category", r"strateg|outcome|category|chapter|topic|domain|stream|section|program"),
    ("content", r"description|detail"),
    (
        "task",
        r"action|task|activit|deliverable|initiative|milestone|step|workpackage|measure|^work$|needs(?:doing|tobe)|tobedone|^(?:jobs?|decision|resolution)|^what$|dut(?:y|ies)",
    ),
    ("goal", r"output"),
    ("topic", r"recommendation|^(?:summary|title|subject|name)$"),
    ("issue", r"issue|finding|problem|observation"),
)

Endings = tuple[tuple[re.Pattern[str], str], ...]


def _compiled(endings: tuple[tuple[str, str], ...]) -> Endings:
    return tuple((re.compile(pattern), meaning) for meaning, pattern in endings)


CHINESE = _compiled(_CHINESE)
ENGLISH = _compiled(_ENGLISH)
"""Meaning by ending; 'watcher' is an office that does not work on the task, 'trait' says how it is."""
