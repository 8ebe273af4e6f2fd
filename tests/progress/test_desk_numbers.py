"""待签收 is one number: in the sentence, on the chip, in its list and on the button."""

import re

import pytest

from tests.conftest import Office
from tests.progress.test_desk import TODAY, get, window
from tests.work.acting import act
from tracker.plans.assignment import Assignment
from tracker.work import todo
from tracker.work.todo import Desk


def unsigned(office: Office, login: str) -> list[int]:
    """By their rows: the parts that wait for a receipt."""
    mine, at = office.actor(login).department_ids, window(office)
    with office.database.reading() as session:
        rows = todo.page(session, mine, today=TODAY, at=at)
        return [row.assignment_id for row in rows if row.state == "issued"]


def numbers(page: str) -> dict[str, int]:
    """What the desk says of them, place by place."""
    places = {
        "sentence": r"(\d+) 项待签收",
        "chip": r'group=unsigned"[^>]*>.*?(\d+)</',
        "button": r"签收 (\d+) 项</button>",
    }
    found = {name: re.search(said, page, re.DOTALL) for name, said in places.items()}
    return {name: int(match[1]) for name, match in found.items() if match}


@pytest.mark.parametrize("login", ["service", "edu"])
def test_the_number_is_one_wherever_it_stands(office: Office, login: str) -> None:
    count = len(unsigned(office, login))
    desk = get(office, login, "/my-work")
    assert count
    assert numbers(desk) == dict.fromkeys(("sentence", "chip", "button"), count)
    assert desk.count('type="checkbox" name="assignment"') == count
    listed = get(office, login, "/my-work?group=unsigned")
    assert listed.count('type="checkbox" name="assignment"') == count
    assert listed.count("data-clamp") == count


def test_some_of_them_stand_in_a_more_pressing_group(office: Office) -> None:
    """The control: without such the numbers would agree by chance."""
    mine, at = office.actor("service").department_ids, window(office)
    with office.database.reading() as session:
        counted = todo.counts(session, mine, today=TODAY, at=at)
    assert counted.unsigned == len(unsigned(office, "service"))
    assert counted.groups.get(Desk.UNSIGNED, 0) < counted.unsigned
    desk = get(office, "service", "/my-work")
    assert "其余待签收" in desk or not counted.groups.get(Desk.UNSIGNED)


def test_a_part_whose_refusal_waits_is_not_among_them(office: Office) -> None:
    first, *others = unsigned(office, "service")
    with office.database.reading() as session:
        part = session.get_one(Assignment, first)
    data = {"kind": "refusal", "reason": "不是本单位职责"}
    assert act(office.client_as("service"), part, "handovers", **data) == 302
    desk = get(office, "service", "/my-work")
    assert set(numbers(desk).values()) == {len(others)}
    assert "拒签待答复" in desk
    assert f"/tasks/{part.task_id}" in get(office, "service", "/my-work?group=refused")


def test_on_one_page_of_several_the_button_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(unsigned(office, "service"))
    monkeypatch.setattr(todo, "PAGE", 2)
    listed = get(office, "service", "/my-work?group=unsigned")
    assert f"{count} 项待签收" in listed
    assert "签收本页 2 项</button>" in listed
