"""What a header means by the way it is built: authors coin new ones, and most end as others do.

These hold only for the columns of a row that is known to be a header; in a row of a plan's body
'安全生产工作' is no header word. Each list is searched in order, what is surest first.
"""

from __future__ import annotations

import re

_WHEN = "(?:时间|日期|年月|时点)"
_OFFICE = (
    "(?:单位|部门|主体|机构|处室|科室|股室|处|科|室|股|办|专班|工作组|小组|党?支部|党组织|班子|中心|院系?|系部|学院|学校"
    "|医院|企业|公司|团队|班组|车间|镇街|街镇|乡镇|镇|乡|街道|村居?|社区|苏木|县市?区?|区县|市县|地区|属地|方)"
)
_DOES = (
    "责任|负责|承办|落实|实施|办理|执行|承担|承接|整改|完成|建设|施工|主管|监管|管理|属地|承建|申报|经办"
)
_WATCHES = "督导|督办|督查|验收|考核|监督|检查|复核|审核|评分|报送|填报|反馈|来文|交办|提出|使用|编制|制表|联系|上级"

CHINESE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"^(?:总|分|原)?(?:序号|编号|序次|项次|次序|顺序号?|代码|编码|条款号?|条目号)$|(?:问题|任务|事项|项目)(?:编码|序号)$", "number"),
        (r"^(?:下一?步|目前|当前|存在的?困难|困难)|(?:进展|进度|动态|完成率|百分比|成效|亮点|打算)$", "progress"),
        (rf"实际|(?:启动|开始|开工|起始|交办|下达|填报|更新|发布|发现|检查|排查|登记|受理|来电|来访|销号|核查|复查|复核|验收|反馈|报送|上报|印发|立项|录入|提交|制表|统计|入库|发生|收文|责任人签收|签收).*{_WHEN}$", "begin"),
        (rf"(?:时限|期限|年限|限期|{_WHEN}|工期)$|^(?:时间)?(?:节点|进度)(?:时间|要求|安排)?$|时间表$", "deadline"),
        (rf"^(?:被|受检|受查|迎检|受评).*{_OFFICE}$", "responsible"),
        (rf"(?:牵头|主办|主责|主抓|主要责任).*{_OFFICE}$", "lead"),
        (rf"(?:配合|协办|协同|协作|协助|参与|参加|联合|会办|协管|支持|支撑|其他责任|包联|包保|包抓|帮扶|结对|挂联|挂钩).*{_OFFICE}$", "support"),
        (rf"(?:{_DOES}).*{_OFFICE}$|专班$|^(?:科室|处室|股室|部室|镇街|乡镇|街道|县区|区县|单位[/、]部门|责任分工|分工)$", "responsible"),
        (r"^责任(?!人|领导|状|书|事|清单|内容|目标|追究|制|田|区|点|边界|要求|体系|分值|路段).{1,4}$", "responsible"),
        (rf"(?:{_WATCHES}).*{_OFFICE}$", "watcher"),
        (r"(?:领导|责任人|负责人|联系人|联络员|人|人员|电话|手机|号码|邮箱|书记|[校院局处科区县镇市]长|主任|专员|经理)$", "person"),
        (r"^是否|(?:状态|亮灯|灯号|结果|结论)$", "status"),
        (r"^(?:应得|标准|基准|基础|考核|总)?分数?$|(?:分值|满分|应得分|标准分|基准分|基础分|赋分|配分|权重|权数)$", "points"),
        (r"(?:得分|评分|自评|自评分|考评分|核分|扣分|加分|减分|打分)$", "score"),
        (r"(?:方式|方法|形式|手段)$", "mode"),
        (r"(?:材料|资料|佐证|档案|台账|交付物|附件|证明)$", "evidence"),
        (r"(?:来源|依据|出处)$", "origin"),
        (r"^(?:工作|行动|实施|任务|推进)(?:计划|安排|打算)$", "topic"),
        (r"(?:标准|要求|办法|细则|标志|口径|解释|规则|成果|指标值|目标值|基准值|实绩|规模|计划|安排|方案)$", "standard"),
        (r"(?:备注|说明|附注)$", "note"),
        (r"(?:级别|等级|性质|优先级|紧急程度|周次|次数|频次|频率|金额|资金|投资|预算|数量|单价|面积|位置|地点|地址|点位)$", "trait"),
        (r"(?:目标|指标)$", "goal"),
        (r"(?:名称|题目|标题|主题|课题|案由)$", "topic"),
        (r"(?:内容|细项|明细|详情)$", "content"),
        (r"(?:措施|举措|做法|路径|对策|步骤)$", "measure"),
        (r"(?:问题|隐患|不足|短板|诉求|描述|线索)$", "issue"),
        (r"(?:任务|工作|事项|要点|活动|清单)$", "task"),
        (r"(?:类|类别|类型|领域|板块|模块|维度|环节|章节|篇章|片区|区域|月份|月度|季度|层级|专题|方向|体系|工程|行动|系统|部分|方面|阶段|分组|条线|项目)$", "category"),
    )
)  # fmt: skip
"""Meaning by ending; 'watcher' is an office that does not work on the task, 'trait' says how it is."""

ENGLISH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"^(?:no|nr|ref|reference|id|#|wbs|sn|code|serial|item|task|action)(?:no|id|nr|number|code|#)?\.?$", "number"),
        (r"%|percent|progress|update|achieved", "progress"),
        (r"^(?:actual|start|begin|from|baseline|last|opened|raised|created|logged|date(?:raised|opened|identified|created|logged|closed))", "begin"),
        (r"evidence|verification", "evidence"),
        (r"due|deadline|target(?:ed)?date|finish|enddate|completion|completeby|bywhen|^when|time(?:line|frame|scale)|timing|schedule|dates?$", "deadline"),
        (r"^(?:lead|accountable|primary|principal|chief)", "lead"),
        (r"support|partner|consult|collaborat|contribut|assist|stakeholder|^co-?(?:lead|own)", "support"),
        (r"responsib|owner|assigne|incharge|implementer|implementing|agenc|department|dept|division|^unit|office$|^who|^team", "responsible"),
        (r"contact|manager|person|officer|e-?mail|phone", "person"),
        (r"status|^state$|^rag|^completed|^done", "status"),
        (r"points|weight|maxscore", "points"),
        (r"score", "score"),
        (r"indicator|success|kpi|metric|target|criteri|output|standard", "standard"),
        (r"note|remark|comment", "note"),
        (r"risk|resource|budget|cost|priorit|dependenc|location", "trait"),
        (r"goal|objective|theme|pillar|phase|area|workstream|focus|component|strateg|outcome|category|section|program", "category"),
        (r"description|detail", "content"),
        (r"action|task|activit|deliverable|initiative|milestone|step|workpackage|measure|^work$", "task"),
        (r"recommendation", "topic"),
        (r"issue|finding|problem|observation", "issue"),
    )
)  # fmt: skip
