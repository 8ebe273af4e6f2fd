"""After an answer the office goes on to the next request that waits, without going back to the list."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from tests.conftest import Office
from tests.progress.test_desk import get
from tests.work.acting import FRESH, MINE, SOLE, act, due_in, newest, post, signed
from tracker.work.completion import Completion
from tracker.work.extension import Extension
from tracker.work.handover import Handover

FOLLOWING = re.compile(r'data-key="n" href="([^"]+)">([^<]+)<')


def completed(office: Office, beginning: str, login: str) -> Completion:
    part = signed(office, beginning, login)
    assert act(office.client_as(login), part, "completions", statement="请审核") == 302
    return newest(office, Completion)


def extended(office: Office) -> Extension:
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    data = {"until": office.now.date() + timedelta(days=20), "reason": "汛期停工"}
    assert act(office.client_as("edu"), part, "extensions", **data) == 302
    return newest(office, Extension)


def refused(office: Office) -> Handover:
    part = office.part(FRESH, "health")
    data = {"kind": "refusal", "reason": "不是本单位职责"}
    assert act(office.client_as("health"), part, "handovers", **data) == 302
    return newest(office, Handover)


def answered(browser: FlaskClient, address: str, **data: object) -> str:
    """The page that follows an answer."""
    answer = browser.post(address, data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def listed(page: str) -> list[str]:
    """Where the rows of the queue lead, from the top."""
    return re.findall(r'cell-do"><a class="btn btn-sm btn-outline-primary" href="([^"]+)"', page)


def test_one_click_after_another_goes_through_the_whole_queue(office: Office) -> None:
    extension, refusal = extended(office), refused(office)
    completion = completed(office, MINE, "edu")
    browser = office.client_as("office")
    waiting = listed(get(office, "office", "/reviews"))
    page = answered(
        browser, f"/extensions/{extension.id}/decision", verdict="declined", answer="否"
    )
    assert len(waiting) >= 3
    visited = [next(one for one in waiting if one.endswith(f"#extension-{extension.id}"))]
    answers = {"handover": ("/handovers/{}/decision", {"verdict": "declined", "answer": "否"}),
               "review": ("/completions/{}/review", {"verdict": "returned", "demand": "补"})}  # fmt: skip
    while found := FOLLOWING.search(page):
        place = found[1]
        visited.append(place)
        kind, ident = place.split("#")[1].rsplit("-", 1)
        address, data = answers[kind]
        page = answered(browser, address.format(ident), **data)
    assert visited == waiting
    assert f"#handover-{refusal.id}" in visited[1]
    assert any(one.endswith(f"#review-{completion.id}") for one in visited)
    assert "都答复完了" in page


def test_what_was_left_for_later_comes_when_the_queue_begins_again(office: Office) -> None:
    first, second = completed(office, MINE, "edu"), completed(office, MINE, "market")
    address = f"/completions/{second.id}/review"
    page = answered(office.client_as("office"), address, verdict="accepted")
    ahead = listed(get(office, "office", "/reviews"))
    found = FOLLOWING.search(page)
    assert found and found[1] == ahead[0], "behind the last the queue begins again"
    assert any(one.endswith(f"#review-{first.id}") for one in ahead)


def test_from_the_first_opens_the_first_row_of_the_list_whatever_it_is(office: Office) -> None:
    completed(office, MINE, "edu")
    extended(office)
    page = get(office, "office", "/reviews")
    start = re.search(r'btn-primary" href="([^"]+)">从第一份开始', page)
    assert start and start[1] == listed(page)[0]
    assert "#extension-" in start[1]


def test_nobody_else_is_led_on_and_nothing_is_there_to_follow_by_itself(office: Office) -> None:
    completed(office, MINE, "market")
    row = completed(office, MINE, "edu")
    task = office.task(MINE).id
    led = f"/tasks/{task}?answered={row.id}&kind=completion"
    assert FOLLOWING.search(get(office, "office", led))
    assert not FOLLOWING.search(get(office, "edu", led))
    for odd in ("", "?answered=1&kind=task", "?answered=999999&kind=completion", "?answered=x"):
        assert not FOLLOWING.search(get(office, "office", f"/tasks/{task}{odd}"))


def test_a_request_that_others_answered_is_not_led_to(office: Office) -> None:
    first, second = completed(office, MINE, "edu"), completed(office, MINE, "market")
    browser, other = office.client_as("office"), office.client_as("admin")
    assert post(other, f"/completions/{second.id}/review", verdict="accepted") == 302
    page = answered(browser, f"/completions/{first.id}/review", verdict="returned", demand="补")
    found = FOLLOWING.search(page)
    assert not found or not found[1].endswith(f"#review-{second.id}")
