"""Who a written name means: exact, alias, unique short name; everything else is asked."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.directory.alias import Alias
from tracker.directory.department import Department
from tracker.directory.group import Group
from tracker.directory.resolve import Found, Names
from tracker.directory.shortname import cut, fits, kind_of, places

AT = datetime(2026, 3, 10, tzinfo=UTC)
COUNTY = (
    "清河县教育体育局", "清河县卫生健康委员会", "清河县统计局", "清河县住房和城乡建设局",
    "青山市公安局交通管理支队清河县大队", "青山市生态环境局清河县分局", "清河县税务局",
    "清河县文化和旅游局", "清河县文化市场综合执法局", "清河县石桥镇人民政府",
    "清河县市场监督管理局", "清河县市场监管综合执法大队",
)  # fmt: skip


def directory(
    *names: str, aliases: tuple[Alias, ...] = (), groups: tuple[Group, ...] = ()
) -> Names:
    departments = [Department.named(name, at=AT, position=i) for i, name in enumerate(names)]
    for ident, department in enumerate(departments, 1):
        department.id = ident
    return Names(departments, aliases, groups)


def meaning(names: Names, written: str) -> str | None:
    found = names.resolve(written)
    return names.departments[found.department_id].name if found.department_id else None


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("清河县教育体育局", "清河县教育体育局"),
        ("教体局", "清河县教育体育局"),
        ("县教体局", "清河县教育体育局"),
        ("卫健委", "清河县卫生健康委员会"),
        ("住建局", "清河县住房和城乡建设局"),
        ("交管大队", "青山市公安局交通管理支队清河县大队"),
        ("生态环境分局", "青山市生态环境局清河县分局"),
        ("石桥镇", "清河县石桥镇人民政府"),
        ("石桥镇政府", "清河县石桥镇人民政府"),
        ("旅游局", "清河县文化和旅游局"),
        ("市 场 监 管 局", "清河县市场监督管理局"),
    ],
)
def test_a_clear_name_finds_its_department(written: str, means: str) -> None:
    assert meaning(directory(*COUNTY), written) == means


@pytest.mark.parametrize(
    "written",
    [
        "审计局",  # letters of 清河县统计局 but another body
        "县审计局",
        "公安大队",  # the parent's letters are not the unit's name
        "市生态环境局",  # the city's body is not the county's branch
        "商务局",
        "县委",
        "局",
        "大队",
        "爱卫办",
        "卫健执法局",
        "县政府",
    ],
)
def test_what_is_not_clear_is_never_assigned(written: str) -> None:
    assert meaning(directory(*COUNTY), written) is None


def test_two_that_fit_are_offered_and_none_is_taken() -> None:
    found = directory(*COUNTY).resolve("文化局")
    assert (found.found, len(found.suggestions)) == (Found.SEVERAL, 2)


def test_an_alias_is_what_a_person_said() -> None:
    alias = Alias.of_department("爱卫办", 2, by=None, at=AT)
    assert meaning(directory(*COUNTY, aliases=(alias,)), "爱卫办") == "清河县卫生健康委员会"


def test_a_group_word_never_becomes_a_department() -> None:
    for words in ("各有关单位", "等部门", "等5个单位", "等"):
        assert directory(*COUNTY).resolve(words).found == Found.OPEN_GROUP


def test_places_are_found_by_what_names_share() -> None:
    assert places(COUNTY) == ["清河县", "青山市"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_makes_matching_raise(written: str, full: str) -> None:
    kind_of(written)
    assert fits(written, cut(full, ["清河县"])) in (True, False)


def test_names_in_the_real_plan_are_asked_or_right(plans: Path) -> None:
    expected = plans / "expected"
    names = directory(*json.loads((expected / "05.json").read_text())["departments"])
    mentions = json.loads((expected / "01.json").read_text())["department_mentions"]
    found = {name: meaning(names, name) for name in mentions}
    for asked in (
        "爱卫办",
        "公用事业服务中心",
        "卫健执法局大队",
        "卫健执法局",
        "政府办",
        "疾控中心",
    ):
        assert found[asked] is None
    assert found["卫健委"] == "乌审旗卫生健康委员会"
    assert found["交管大队"] == "鄂尔多斯市公安局交通管理支队乌审旗大队"
    assert meaning(names, "审计局") is None
