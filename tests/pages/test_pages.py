"""Every page of the demo world: it renders for who may see it, and says the right things."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from sqlmodel import select

from tests.conftest import Office
from tracker.events import Event
from tracker.intake.batch import Batch

ROOT = Path(__file__).resolve().parents[2]
OFFICE = (
    "/plans", "/plans/1", "/plans/1?view=matrix", "/plans/1?light=overdue&mode=暗访&unresolved=1",
    "/plans/1?section=1&department=3&q=检查", "/plans/1?q=没有这样的任务", "/search?q=检查", "/search?q=zzz",
    "/tasks/1", "/tasks/6", "/tasks/18", "/imports", "/imports/1", "/imports/1/differences", "/reviews", "/monitor",
    "/monitor?plan=1", "/reminders", "/reminders?on=2026-03-15", "/outbox", "/outbox?state=failed",
    "/outbox/1", "/calendar/2026", "/calendar/2027", "/directory", "/settings",
    "/scoring", "/plans/1/rounds", "/plans/1/rankings", "/plans/1/praises", "/rules", "/rules/trial",
)  # fmt: skip
CLERK = (
    "/my-work",
    "/my-work?group=overdue",
    "/my-work?group=today",
    "/plans",
    "/plans/1",
    "/tasks/6",
)
PAGES = [
    (None, "/sign-in"),
    *(("office", path) for path in OFFICE),
    *(("edu", path) for path in CLERK),
    *(("leader", path) for path in ("/monitor", "/plans", "/plans/1?view=matrix", "/settings")),
    *(("inspector", path) for path in ("/plans", "/settings", "/visits")),
    *(("admin", path) for path in ("/users", "/audit", "/audit?page=2")),
]


def read(office: Office, login: str | None, path: str, locale: str = "zh_CN") -> BeautifulSoup:
    client = office.client_as(login)
    if locale != "zh_CN":
        client.post("/language", data={"locale": locale})
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize(("login", "path"), PAGES)
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_renders_whole(
    office: Office, login: str | None, path: str, locale: str
) -> None:
    page = read(office, login, path, locale)
    assert len(page.find_all("h1")) == 1 and page.h1.get_text(strip=True)
    assert len(page.select(".btn-primary")) <= (2 if "/tasks/" in path else 1)
    idents = [tag["id"] for tag in page.select("[id]")]
    assert len(idents) == len(set(idents))
    assert not re.search(r">\s*None\s*<", str(page))


@pytest.mark.parametrize(("login", "path"), PAGES)
def test_every_form_carries_its_token_and_every_field_its_name(
    office: Office, login: str | None, path: str
) -> None:
    page = read(office, login, path)
    for form in page.select("form[method=post]"):
        assert form.select_one("[name=csrf_token]"), form.get("action")
    named = {label["for"] for label in page.select("label[for]")}
    for field in page.select("input:not([type=hidden]), select, textarea"):
        known = field.get("aria-label") or field.get("id") in named or field.find_parent("label")
        assert known or field.get("aria-hidden"), field
    for button in page.select("button, summary, a"):
        seen = button.get_text(strip=True) or button.get("aria-label")
        assert seen or button.select_one("[aria-label]"), button


def test_english_frames_speak_english(office: Office) -> None:
    page = read(office, "office", "/settings", "en")
    for tag in page.select(".rail, .page-head, .card-head, label, .field-hint, dt"):
        assert not re.search(r"[\u4e00-\u9fff]", tag.get_text()), tag.get_text()


def test_the_desk_says_first_what_presses_and_signs_for_all_at_once(office: Office) -> None:
    page = read(office, "edu", "/my-work")
    boxes = [box["value"] for box in page.select("input[name=assignment]")]
    assert boxes and page.select_one(".page-actions button").get_text() == f"签收 {len(boxes)} 项"
    assert re.search(r"逾期|到期", page.select_one(".lead-line").get_text())
    client = office.client_as("edu")
    answer = client.post("/receipts", data={"assignment": boxes}, follow_redirects=True)
    said = answer.get_data(as_text=True)
    assert f"已签收 {len(boxes)} 项" in said and 'name="assignment"' not in said


def test_each_row_of_the_desk_has_one_next_step(office: Office) -> None:
    page = read(office, "edu", "/my-work")
    rows = page.select("tbody tr:not(.group-row)")
    assert rows and all(len(row.select(".cell-do .btn")) == 1 for row in rows)


def test_the_next_step_stands_open_on_the_task(office: Office) -> None:
    page = read(office, "edu", "/my-work")
    for link in page.select(".cell-do a.btn"):
        path, anchor = link["href"].split("#")
        assert read(office, "edu", path).find(id=anchor), link["href"]


def test_the_office_sees_the_review_where_the_queue_leads(office: Office) -> None:
    link = read(office, "office", "/reviews").select_one(".cell-do a")
    path, anchor = link["href"].split("#")
    review = read(office, "office", path).find(id=anchor)
    verdicts = [field["value"] for field in review.select("[name=verdict]")]
    assert verdicts == ["accepted", "returned"]
    assert review.select_one("textarea[name=demand][required]")


def test_evidence_stands_with_its_report(office: Office) -> None:
    with office.database.reading() as session:
        event = session.exec(select(Event).where(Event.verb == "evidence.attached")).first()
    assert event
    page = read(office, "office", f"/tasks/{event.task_id}")
    link = next(a for a in page.select(".evidence a") if event.data["name"] in a.get_text())
    holder = link.find_parent("li", "tl")
    assert "上报进展" in holder.get_text()
    assert "上传佐证材料" not in page.select_one(".timeline").get_text()


def verbs() -> set[str]:
    """Every event's verb that the code writes."""
    found = set()
    for path in (ROOT / "tracker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "deed":
                written = node.args[1]
                found |= {str(written.value)} if isinstance(written, ast.Constant) else set()
    return found | {"completion.accepted", "completion.returned"}


def in_words(office: Office, verb: str) -> str:
    source = '{% import "pages/_words.html" as words %}{{ words.deed(event) }}'
    with office.app.test_request_context("/"):
        event = Event(verb=verb, data={})  # type: ignore[call-arg]
        return render_template_string(source, event=event).strip()


def test_every_deed_has_its_sentence(office: Office) -> None:
    assert [verb for verb in sorted(verbs()) if "·" in in_words(office, verb)] == []


def test_a_deed_nobody_has_described_is_still_readable(office: Office) -> None:
    assert in_words(office, "letter.sent_again") == "letter · sent again"


def test_long_lists_of_departments_fold(office: Office) -> None:
    page = read(office, "edu", f"/tasks/{office.task('2) 全县干部').id}")
    first = page.select_one(".facts ul li").get_text()
    assert "教育体育局" in first and "另有 18 个单位" in page.get_text()


@pytest.fixture
def preview(office: Office) -> Batch:
    """A file on its way in, with open questions."""
    csv = "序号,工作任务,责任单位,完成时限\n1,清理河道,县水利局、县河长办,2026年4月\n2,检查桥梁,有关单位,2026年44月底\n"
    file = io.BytesIO(csv.encode())
    client = office.client_as("office")
    data = {"file": (file, "清单.csv"), "plan_name": "试用清单"}
    answer = client.post("/imports", data=data, headers={"X-Upload-Progress": "1"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    with office.database.reading() as session:
        return session.exec(select(Batch).where(Batch.plan_name == "试用清单")).one()


def test_the_import_shows_cells_questions_and_reading_side_by_side(
    office: Office, preview: Batch
) -> None:
    page = read(office, "office", f"/imports/{preview.id}")
    cells = {cell["data-cell"] for cell in page.select("[data-cell]")}
    waiting = page.select(".question:not(.is-answered)")
    assert len(waiting) == 3 and "还有 3 个问题" in page.get_text()
    for tag in page.select("[data-lights]"):
        assert set(tag["data-lights"].split()) <= cells
    assert "将新建 2 项任务" in page.select_one(".confirm-sentence").get_text()
    assert page.find("button", string="确认导入").has_attr("disabled")


def test_no_part_that_htmx_swaps_has_ids_beside_its_own(office: Office, preview: Batch) -> None:
    """htmx settles inline styles on elements it knows by id; the content policy refuses them."""
    page = read(office, "office", f"/imports/{preview.id}")
    assert page.find(id="check").select("[id]") == []


def test_an_answer_comes_back_as_the_part_that_changed(office: Office, preview: Batch) -> None:
    client = office.client_as("office")
    page = read(office, "office", f"/imports/{preview.id}")
    form = page.find("button", string=re.compile("新建“")).find_parent("form")
    data = {field["name"]: field["value"] for field in form.select("input")}
    answer = client.post(form["hx-post"], data=data, headers={"HX-Request": "true"})
    part = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert answer.status_code == 200 and not part.find("html") and part.find(id="check")
    assert "还有 2 个问题" in part.get_text() and "新建 1 个单位" in part.get_text()


def test_departments_may_be_typed_and_a_wrong_name_is_said_in_place(
    office: Office, preview: Batch
) -> None:
    client = office.client_as("office")
    page = read(office, "office", f"/imports/{preview.id}")
    url = page.select_one("form[hx-post]:has([name=names])")["hx-post"]
    headers = {"HX-Request": "true"}
    wrong = client.post(url, data={"take": "department", "names": "没有的局"}, headers=headers)
    assert "名录里没有“没有的局”" in wrong.get_data(as_text=True)
    data = {"take": "department", "names": "清河县水利局、清河县民政局"}
    right = client.post(url, data=data, headers=headers).get_data(as_text=True)
    assert "读作 2 个单位" in right


def test_what_applying_will_do_counts_the_departments_it_will_make(
    office: Office, preview: Batch
) -> None:
    client = office.client_as("office")
    client.post(f"/imports/{preview.id}/proposals")
    sentence = read(office, "office", f"/imports/{preview.id}").select_one(".confirm-sentence")
    assert sentence.get_text() == "将新建 2 项任务，交给 2 个单位，1 项仍待确定责任单位。"


def test_after_applying_the_page_offers_undoing_and_after_undoing_says_so(
    office: Office, preview: Batch
) -> None:
    client = office.client_as("office")
    client.post(f"/imports/{preview.id}/proposals")
    client.post(f"/imports/{preview.id}/application")
    applied = read(office, "office", f"/imports/{preview.id}")
    assert "已导入：新建 2 项" in applied.get_text()
    undo = applied.find("button", string="撤销导入").find_parent("form")
    assert undo["data-confirm"].startswith("撤销这次导入？")
    client.post(undo["action"])
    assert "撤销。要再导入" in read(office, "office", f"/imports/{preview.id}").get_text()


def test_what_stands_in_the_way_of_undoing_is_said(office: Office) -> None:
    page = read(office, "office", "/imports/1")
    assert "不能再撤销：有" in page.get_text() and not page.find("button", string="撤销导入")
