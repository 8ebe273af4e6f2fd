"""The three plans of the demo world as the workbooks an office would send, in three shapes."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

CIVIL = "文明县城创建迎检任务分解表"
SERVICE = "政务服务提升年重点工作台账"
TOWNS = "基层治理联动事项清单"


class Item(NamedTuple):
    """A row of the first plan."""

    category: str
    item: str
    task: str
    departments: str
    mode: str
    points: int


CIVIL_ITEMS = (
    Item("一、组织领导", "（一）工作机制", "1) 成立创建工作专班，明确各成员单位分工", "县政府办", "明查", 3),
    Item("一、组织领导", "（一）工作机制", "2) 每月召开一次调度会，会议记录齐全", "县政府办", "明查", 2),
    Item("一、组织领导", "（一）工作机制", "3) 创建经费列入年度预算", "财政局 发改委", "明查", 4),
    Item("一、组织领导", "（二）宣传发动", "1) 主次干道、广场设置创建公益宣传", "文旅局、城管局", "暗访", 4),
    Item("一、组织领导", "（二）宣传发动", "2) 全县干部职工知晓创建要求", "所有单位", "暗访", 3),
    Item("二、校园与健康", "（三）健康校园", "1) 中小学开足健康教育课，教案和课表齐全", "教体局", "明查", 4),
    Item("二、校园与健康", "（三）健康校园", "2) 校园周边二百米内无不洁摊点", "教体局、市场监管局、城管局", "暗访", 6),
    Item("二、校园与健康", "（三）健康校园", "3) 学校食堂公示食品留样记录", "教体局、市场监管局", "暗访", 4),
    Item("二、校园与健康", "（四）诊疗环境", "1) 医疗机构候诊区干净有序，标识清楚", "卫健委", "暗访", 4),
    Item("二、校园与健康", "（四）诊疗环境", "2) 医疗废物转运台账完整", "卫健委、生态环境分局", "明查", 5),
    Item("三、市容秩序", "（五）街面", "1) 主干道两侧无占道经营", "城管局", "暗访", 6),
    Item("三、市容秩序", "（五）街面", "2) 非机动车停放有序，划线清楚", "城管局、公安局", "暗访", 4),
    Item("三、市容秩序", "（五）街面", "3) 建筑工地围挡整洁，出入口冲洗设施能用", "住建局", "暗访", 4),
    Item("三、市容秩序", "（六）环卫", "1) 公厕全天开放，有专人保洁", "城管局", "暗访", 6),
    Item("三、市容秩序", "（六）环卫", "2) 垃圾日产日清，转运点不外溢", "城管局、各乡镇", "暗访", 6),
    Item("四、窗口服务", "（七）窗口", "1) 客运站设便民服务点，投诉渠道公开", "交通局", "暗访", 3),
    Item("四、窗口服务", "（七）窗口", "2) 政务大厅落实首问负责，登记完整", "政务服务中心", "明查", 3),
    Item("四、窗口服务", "（八）市场", "1) 农贸市场划行归市，证照公示", "市场监管局", "暗访", 5),
    Item("四、窗口服务", "（八）市场", "2) 活禽经营区与其他区域隔开", "市场监管局、农业农村局", "明查", 4),
    Item("四、窗口服务", "（八）市场", "3) 投诉举报七日内办结回访", "市场监管局、各有关单位", "明查", 3),
)  # fmt: skip


class Work(NamedTuple):
    """A row of the second plan; `due` counts days from today, or is what stands in the cell."""

    area: str
    task: str
    goal: str
    lead: str
    support: str
    due: int | str


SERVICE_WORKS = (
    Work("流程再造", "梳理高频事项，压减申报材料", "材料平均压减三成以上", "政务服务中心", "司法局", -12),
    Work("流程再造", "推行“一件事”联办，先行十项", "十项全部上线", "政务服务中心", "公安局、民政局、卫健委", 2),
    Work("流程再造", "办件评价全覆盖，差评三日内回访", "差评整改率 100%", "政务服务中心", "", "长期坚持"),
    Work("数据共享", "完成不动产登记与税费数据对接", "当场办结率九成以上", "自然资源局", "财政局", 20),
    Work("数据共享", "学籍、户籍信息比对后入学报名免证明", "取消三项证明", "教体局", "公安局", 6),
    Work("数据共享", "电子证照归集", "高频证照归集率 95%", "发改委", "政务服务中心", "已完成"),
    Work("便民举措", "大厅延时服务，午间不断档", "有排班、有公示", "政务服务中心", "", 0),
    Work("便民举措", "乡镇便民点配齐帮办人员", "每点不少于一人", "各乡镇", "政务服务中心", -3),
    Work("便民举措", "校服、教辅收费公示上墙", "全县学校公示率 100%", "教体局", "市场监管局", -5),
    Work("营商环境", "施工许可并联审批，时限压到十五个工作日", "抽查符合时限", "住建局", "自然资源局", 15),
    Work("营商环境", "开办企业全程网办，一日办结", "网办率九成以上", "市场监管局", "公安局", 40),
    Work("营商环境", "涉企检查计划公示，同类合并", "检查次数下降两成", "司法局", "市场监管局、生态环境分局", 60),
)  # fmt: skip


class Matter(NamedTuple):
    """A row of the third plan: no deadline of its own."""

    area: str
    matter: str
    lead: str
    support: str


TOWN_MATTERS = (
    Matter("（一）矛盾化解", "建立村级调解日志，复杂纠纷提级会商", "司法局", "公安局、各乡镇"),
    Matter("（一）矛盾化解", "物业纠纷联合接访，每周一次", "住建局", "司法局、城关镇"),
    Matter("（一）矛盾化解", "劳动争议就地调处，台账按月上报", "民政局", "司法局"),
    Matter("（二）环境整治", "河道沿线垃圾清理，责任到段", "水利局", "生态环境分局、各镇"),
    Matter("（二）环境整治", "秸秆禁烧网格巡查", "生态环境分局", "农业农村局、各乡镇"),
    Matter("（三）安全巡查", "校车路线隐患排查，限期整改", "交通局", "教体局、公安局"),
    Matter("（三）安全巡查", "自建房安全复核", "住建局", "自然资源局、各乡镇"),
    Matter("（三）安全巡查", "学校、医院消防通道联合检查", "公安局", "教体局、卫健委"),
)  # fmt: skip

_THIN = Side(style="thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _sheet(title: str, widths: Sequence[int]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for letter, width in zip("ABCDEFGH", widths, strict=False):
        sheet.column_dimensions[letter].width = width
    return book, sheet


def _finish(book: Workbook, sheet: Worksheet, first: int) -> bytes:
    """Boxes and wrapping for the table, a large centred title above it."""
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            cell.border = _BOX
            cell.alignment = Alignment(vertical="center", wrap_text=True, horizontal="center")
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _merge_runs(sheet: Worksheet, column: str, values: Sequence[str], first: int) -> None:
    """Merge cells down where the same value runs on."""
    start = 0
    for index in range(1, len(values) + 1):
        if index == len(values) or values[index] != values[start]:
            sheet[f"{column}{first + start}"] = values[start]
            if index - start > 1:
                sheet.merge_cells(f"{column}{first + start}:{column}{first + index - 1}")
            start = index


def _by(day: date) -> str:
    return f"{day.month}月{day.day}日前"


def civil(today: date) -> bytes:
    """Two header rows, merged categories, modes with points, one deadline merged down."""
    book, sheet = _sheet("任务分解", (16, 16, 44, 24, 14, 14))
    sheet["A1"] = CIVIL
    sheet.merge_cells("A1:F1")
    sheet["A2"], sheet["C2"], sheet["D2"] = "创建标准", "工作任务", "责任单位"
    sheet["E2"], sheet["F2"], sheet["A3"], sheet["B3"] = "测评方式", "完成时限", "类别", "项目"
    for area in ("A2:B2", "C2:C3", "D2:D3", "E2:E3", "F2:F3"):
        sheet.merge_cells(area)
    for row, item in enumerate(CIVIL_ITEMS, 4):
        sheet[f"C{row}"], sheet[f"D{row}"] = item.task, item.departments
        sheet[f"E{row}"] = f"{item.mode}（{item.points}分）"
    _merge_runs(sheet, "A", [item.category for item in CIVIL_ITEMS], 4)
    _merge_runs(sheet, "B", [item.item for item in CIVIL_ITEMS], 4)
    last = len(CIVIL_ITEMS) + 3
    half = 3 + sum(
        item.category < "三" or item.category.startswith(("一", "二")) for item in CIVIL_ITEMS
    )
    sheet["F4"] = _by(today + timedelta(days=3)) + "整改完成"
    sheet.merge_cells(f"F4:F{half}")
    sheet[f"F{half + 1}"] = _by(today + timedelta(days=12)) + "整改完成"
    sheet.merge_cells(f"F{half + 1}:F{last}")
    sheet.print_title_rows = "2:3"
    return _finish(book, sheet, 2)


def service(today: date) -> bytes:
    """A numbered list with lead, support, goal and a deadline of its own in each row."""
    book, sheet = _sheet("台账", (6, 12, 40, 26, 18, 24, 14))
    sheet["A1"] = SERVICE
    sheet.merge_cells("A1:G1")
    sheet["A2"] = f"印发日期：{(today - timedelta(days=30)).isoformat()}"
    heads = ("序号", "类别", "重点任务", "目标值", "牵头单位", "配合单位", "完成时限")
    for letter, head in zip("ABCDEFG", heads, strict=True):
        sheet[f"{letter}3"] = head
    for number, work in enumerate(SERVICE_WORKS, 1):
        row = number + 3
        due = work.due if isinstance(work.due, str) else _dotted(today + timedelta(days=work.due))
        values = (number, work.task, work.goal, work.lead, work.support or "—", due)
        for letter, value in zip("ACDEFG", values, strict=True):
            sheet[f"{letter}{row}"] = value
    _merge_runs(sheet, "B", [work.area for work in SERVICE_WORKS], 4)
    return _finish(book, sheet, 3)


def _dotted(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def towns() -> bytes:
    """Areas across several rows, 牵头 and 责任 as lead and support, no deadlines."""
    book, sheet = _sheet("联动事项", (6, 16, 50, 20, 32))
    sheet["A1"] = TOWNS
    sheet.merge_cells("A1:E1")
    for letter, head in zip(
        "ABCDE", ("序号", "联动领域", "联动事项", "牵头部门", "责任部门"), strict=True
    ):
        sheet[f"{letter}2"] = head
    for number, matter in enumerate(TOWN_MATTERS, 1):
        row = number + 2
        for letter, value in zip(
            "ACDE", (number, matter.matter, matter.lead, matter.support), strict=True
        ):
            sheet[f"{letter}{row}"] = value
    _merge_runs(sheet, "B", [matter.area for matter in TOWN_MATTERS], 3)
    return _finish(book, sheet, 2)
