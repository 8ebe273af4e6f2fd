"""Who there is in 清河县: departments and people. All names are invented; people bear their posts."""

from typing import NamedTuple

from tracker.actor import Role

PASSWORD = "qinghe-demo-2026"  # noqa: S105  public on purpose: see world.keep_at_home
COUNTY = "清河县"

DEPARTMENTS = (
    "清河县人民政府办公室", "清河县发展和改革委员会", "清河县教育体育局", "清河县公安局",
    "清河县民政局", "清河县司法局", "清河县财政局", "清河县自然资源局",
    "清河县住房和城乡建设局", "清河县交通运输局", "清河县水利局", "清河县农业农村局",
    "清河县文化和旅游局", "清河县卫生健康委员会", "清河县市场监督管理局",
    "清河县城市管理综合执法局", "青山市生态环境局清河县分局", "清河县政务服务中心",
    "清河县城关镇人民政府", "清河县柳林镇人民政府", "清河县石桥镇人民政府", "清河县白塔乡人民政府",
)  # fmt: skip


class Person(NamedTuple):
    """A login, the role, the department of a departmental role, the post's title."""

    login: str
    role: Role
    department: str
    title: str


PEOPLE = (
    Person("admin", Role.ADMINISTRATOR, "", "系统管理员"),
    Person("office", Role.COORDINATOR, "", "督查室专员"),
    Person("leader", Role.LEADER, "", "分管领导"),
    Person("inspector", Role.INSPECTOR, "", "暗访员"),
    Person("edu", Role.CLERK, "清河县教育体育局", "经办人"),
    Person("edu.head", Role.HEAD, "清河县教育体育局", "负责人"),
    Person("health", Role.CLERK, "清河县卫生健康委员会", "经办人"),
    Person("market", Role.CLERK, "清河县市场监督管理局", "经办人"),
    Person("city", Role.CLERK, "清河县城市管理综合执法局", "经办人"),
    Person("housing", Role.CLERK, "清河县住房和城乡建设局", "经办人"),
    Person("service", Role.CLERK, "清河县政务服务中心", "经办人"),
    Person("ecology", Role.CLERK, "青山市生态环境局清河县分局", "经办人"),
    Person("transport", Role.CLERK, "清河县交通运输局", "经办人"),
    Person("finance", Role.CLERK, "清河县财政局", "经办人"),
    Person("justice", Role.CLERK, "清河县司法局", "经办人"),
    Person("chengguan", Role.CLERK, "清河县城关镇人民政府", "经办人"),
    Person("liulin", Role.CLERK, "清河县柳林镇人民政府", "经办人"),
    Person("shiqiao", Role.CLERK, "清河县石桥镇人民政府", "经办人"),
)

SHOWN_LOGINS = ("office", "admin", "edu", "edu.head", "health", "leader", "inspector")
