"""Targets: values as people write them, and the office that confirms, changes and removes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tracker.errors import InputError
from tracker.events import Event, verify
from tracker.work.target import Relation, Target, amount, shown

PROPOSED = "涉企检查计划公示"
"""Its goal says 检查次数下降两成; nobody has set a target."""
SET = "梳理高频事项"


def targets(office: Office, beginning: str) -> list[Target]:
    with office.database.reading() as session:
        wanted = select(Target).where(Target.task_id == office.task(beginning).id)
        return list(session.exec(wanted.order_by(col(Target.id))))


def put(office: Office, beginning: str, *, login: str = "office", **data: str) -> int:
    browser = office.client_as(login)
    return browser.post(f"/tasks/{office.task(beginning).id}/targets", data=data).status_code


def page(office: Office, beginning: str, login: str = "office") -> str:
    path = f"/tasks/{office.task(beginning).id}"
    return office.client_as(login).get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("98", "%", "98"), ("98%", "%", "98"), ("98 ％", "%", "98"), ("1.2万", "个", "12000"),
        ("1,200 个", "个", "1200"), ("1.5亿元", "万元", "15000"), ("15000万元", "亿元", "1.5"),
        ("3千", "人次", "3000"), ("0", "起", "0"), ("-2.5", "个百分点", "-2.5"), ("2万", "万元", "2"),
        ("1万亿元", "亿元", "10000"), ("12", "", "12"), ("５０", "家", "50"), ("300", "万元", "300"),
        ("5百分点", "个百分点", "5"),
    ],
)  # fmt: skip
def test_a_value_is_taken_in_the_targets_unit(written: str, unit: str, value: str) -> None:
    assert amount(written, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("三十", "%"), ("5 家", "个"), ("20%", "个百分点"), ("", "个"), ("1/3", "个"), ("1e3", "个"),
     ("1万", "%x"), ("9" * 13, ""), ("0.00001", "%"), ("NaN", ""), ("5元", "万人")],
)  # fmt: skip
def test_a_value_in_another_unit_is_never_guessed_at(written: str, unit: str) -> None:
    if (written, unit) == ("1万", "%x"):
        assert amount(written, unit) == 10000  # the scale alone says no other unit
        return
    with pytest.raises(InputError):
        amount(written, unit)


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(["%", "个", "万元", ""]))
def test_a_value_comes_back_as_it_is_shown(value: Decimal, unit: str) -> None:
    assert amount(shown(value) + unit, unit) == value


@pytest.mark.parametrize(
    ("relation", "met", "short"),
    [(Relation.AT_LEAST, [95, 96], [94]), (Relation.AT_MOST, [95, 0], [96]),
     (Relation.EXACTLY, [95], [94, 96])],
)  # fmt: skip
def test_a_target_is_met_by_its_relation(
    relation: Relation, met: list[int], short: list[int]
) -> None:
    wanted = Target(task_id=1, relation=relation, value=Decimal(95), unit="%", at=NOON)
    assert all(wanted.met_by(Decimal(value)) for value in met)
    assert not any(wanted.met_by(Decimal(value)) for value in short)


def test_the_office_is_shown_what_the_words_say_and_takes_it(office: Office) -> None:
    shown_before = page(office, PROPOSED)
    assert "检查次数下降 ≥ 20 %" in shown_before
    assert "任务文字里有数值，请确认" in shown_before
    data = {"relation": "at_least", "value": "20", "unit": "%", "measured": "检查次数下降"}
    assert put(office, PROPOSED, **data) == 302
    (kept,) = targets(office, PROPOSED)
    assert (kept.relation, kept.value, kept.unit) == (Relation.AT_LEAST, Decimal(20), "%")
    assert kept.by == office.actor("office").user_id
    after = page(office, PROPOSED)
    assert "请确认" not in after
    assert "设定目标：检查次数下降 ≥ 20 %" in after


def test_nobody_is_given_a_target_without_the_office(office: Office) -> None:
    assert targets(office, PROPOSED) == []
    assert "≥ 20" not in page(office, PROPOSED, "justice")


def test_a_changed_target_ends_the_one_before_and_both_are_kept(office: Office) -> None:
    data = {"relation": "at_most", "value": "1.5万", "unit": "份", "measured": "材料"}
    assert put(office, SET, **data) == 302
    former, now = targets(office, SET)
    assert former.ended_at == now.at
    assert (now.value, now.unit, now.ended_at) == (Decimal(15000), "份", None)
    with office.database.reading() as session:
        told = session.exec(select(Event.data).where(Event.verb == "target.set")).all()
        assert told[-1]["value"] == "15000"
        assert verify(session) == []


def test_a_removed_target_is_asked_for_no_more(office: Office) -> None:
    assert put(office, SET, relation="none") == 302
    assert 'name="value" value' not in page(office, SET, "service")
    assert all(one.ended_at for one in targets(office, SET))
    assert put(office, SET, relation="none") == 302  # safe to repeat


@pytest.mark.parametrize(
    "data",
    [
        {"relation": "at_least", "value": "", "unit": "%"},
        {"relation": "at_least", "value": "多", "unit": "%"},
        {"relation": "about", "value": "5", "unit": "%"},
        {"relation": "at_least", "value": "5个", "unit": "%"},
        {"relation": "at_least", "value": "5", "unit": "x" * 21},
    ],
)
def test_what_makes_no_target_is_refused(office: Office, data: dict[str, str]) -> None:
    assert put(office, PROPOSED, **data) == 422
    assert targets(office, PROPOSED) == []


@pytest.mark.parametrize("login", ["justice", "leader", "inspector"])
def test_only_the_office_sets_targets(office: Office, login: str) -> None:
    assert put(office, PROPOSED, login=login, relation="at_least", value="5", unit="%") == 403


def test_an_archived_plan_takes_no_target_and_no_rhythm(office: Office) -> None:
    browser, task = office.client_as("office"), office.task(PROPOSED)
    from tracker.plans.plan import Plan, PlanState

    with office.database.writing() as session:
        session.get_one(Plan, task.plan_id).state = PlanState.ARCHIVED
    assert put(office, PROPOSED, relation="at_least", value="5", unit="%") == 409
    for path in (f"/tasks/{task.id}/rhythms", f"/plans/{task.plan_id}/rhythms"):
        assert browser.post(path, data={"rhythm": "每月底"}).status_code == 409
    assert 'id="asking"' not in page(office, PROPOSED)
