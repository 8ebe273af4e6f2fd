"""A plan with very many questions: the page stays small, and each of them can be reached."""

import re

from tests.conftest import Office
from tests.intake.sheets import workbook
from tests.intake.test_choices import upload
from tracker.web.views.imports import QUESTIONS_SHOWN

COUNT = QUESTIONS_SHOWN + 2


def shown(page: str) -> list[str]:
    """The questions that the page lets one answer."""
    return list(dict.fromkeys(re.findall(r"/questions/(\d+)/answer", page)))


def test_questions_are_shown_a_page_at_a_time_and_all_can_be_reached(office: Office) -> None:
    client = office.client_as("office")
    rows = [(n, "检查库房", "财政局", f"2026年{n + 20}月底") for n in range(1, COUNT + 1)]
    url = f"/imports/{upload(client, workbook(rows, title='2026年库房检查'))}"
    first = client.get(url).get_data(as_text=True)
    last = client.get(f"{url}?questions=2").get_data(as_text=True)
    assert (len(shown(first)), len(shown(last))) == (QUESTIONS_SHOWN, 2)
    assert f"还有 {COUNT} 个问题" in first
    assert "questions=2" in first
    assert shown(client.get(f"{url}?questions=99").get_data(as_text=True)) == shown(last)
    answer = client.post(
        f"{url}/questions/{shown(first)[0]}/answer", data={"take": "none"},
        headers={"HX-Request": "1"},
    ).get_data(as_text=True)  # fmt: skip
    assert shown(answer) == [*shown(first)[1:], shown(last)[0]]
    answered = client.get(f"{url}?questions=2").get_data(as_text=True)
    assert shown(answered) == [shown(last)[1], shown(first)[0]]
