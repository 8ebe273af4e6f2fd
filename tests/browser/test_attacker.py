"""Somebody of another department who edits addresses and forms, with a real browser's cookies."""

from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office
from tracker.demo.cast import PASSWORD
from tracker.demo.files import page as page_of

TASK = "1) 医疗机构候诊区"
"""The health commission's alone, in progress."""


NO_EVIDENCE = (
    ("a.html", b"<script>1</script>"),
    ("a.pdf", b"<script>1</script>"),
    ("a.pdf.svg", b"<svg/>"),
    ("a.png", b"\x89PNG"),
    ("../../a.exe", b"MZ"),
    ("a.pdf\x00.html", b"%PDF-1.4"),
)


@pytest.fixture
def attacker(site: str, visit: Visit) -> Person:
    return visit(site, "finance")


def post(person: Person, path: str, *, token: bool = True, **form: Any) -> int:
    """The answer to a form of the attacker's own making; it is not followed on."""
    if token:
        meta = person.page.locator("meta[name=csrf-token]")
        form["csrf_token"] = meta.get_attribute("content")
    answer = person.page.request.post(person.base + path, multipart=form, max_redirects=0)
    return int(answer.status)


def test_anothers_part_is_not_there_for_any_verb(attacker: Person, office: Office) -> None:
    part = office.part(TASK, "health").id
    told = {
        verb: post(attacker, f"/assignments/{part}/{verb}", text="x", percent="100")
        for verb in ("receipt", "reports", "completions")
    }
    assert set(told.values()) == {404}, told
    assert post(attacker, "/receipts", assignment=str(part)) == 404


def test_a_form_without_its_token_writes_nothing(site: str, office: Office, visit: Visit) -> None:
    clerk, part = visit(site, "health"), office.part("2) 医疗废物转运", "health")
    for path in (f"/assignments/{part.id}/receipt", "/receipts", "/sign-out", "/settings/password"):
        assert post(clerk, path, token=False, assignment=str(part.id)) == 400, path
    assert office.part("2) 医疗废物转运", "health").state == part.state


def test_the_offices_pages_are_refused(attacker: Person) -> None:
    for path in ("/outbox", "/audit", "/users", "/imports", "/reviews"):
        assert attacker.open(path) == 403, path
        attacker.sees("不能办理")


def test_no_verb_of_the_office_is_a_clerks(attacker: Person) -> None:
    told = {
        path: post(attacker, path, verdict="accepted", login="x", name="x", role="administrator")
        for path in ("/completions/1/review", "/imports/1/application", "/imports/1/reversal",
                     "/users", "/directory/departments")
    }  # fmt: skip
    assert set(told.values()) == {403}, told


def test_a_page_is_no_evidence(site: str, office: Office, visit: Visit) -> None:
    clerk, part = visit(site, "health"), office.part(TASK, "health")
    before = len(list(office.settings.uploads.iterdir()))
    for name, content in NO_EVIDENCE:
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        path = f"/assignments/{part.id}/reports"
        assert post(clerk, path, text="x", percent="10", evidence=file) in (400, 422), name
    assert len(list(office.settings.uploads.iterdir())) == before


def test_evidence_is_never_shown_inside_the_tracker(
    site: str, office: Office, visit: Visit
) -> None:
    clerk, part = visit(site, "health"), office.part(TASK, "health")
    file = {"name": "a.pdf", "mimeType": "text/html", "buffer": page_of("<script>1</script>")}
    post(clerk, f"/assignments/{part.id}/reports", text="x", percent="60", evidence=file)
    clerk.open(f"/tasks/{part.task_id}")
    address = clerk.page.locator(".evidence a").first.get_attribute("href")
    headers = clerk.page.request.get(clerk.base + str(address)).headers
    assert headers["content-disposition"].startswith("attachment")
    assert (headers["content-type"], headers["x-content-type-options"]) == (
        "application/pdf",
        "nosniff",
    )


def test_signing_in_stays_here(site: str, visit: Visit) -> None:
    for wanted in ("//evil.test", "/\\evil.test", "https://evil.test/", "/%2F/evil.test"):
        person = visit(site)
        person.open(f"/sign-in?next={wanted}")
        person.page.get_by_label("登录名").fill("edu")
        person.page.get_by_label("密码").fill(PASSWORD)
        person.press("登录")
        person.page.wait_for_url(f"{site}/my-work")


def test_what_people_write_is_shown_as_words(site: str, office: Office, visit: Visit) -> None:
    clerk, part = visit(site, "health"), office.part(TASK, "health")
    words = "<img src=x onerror=alert(1)>{{7*7}}</textarea><script>alert(2)</script>"
    clerk.open(f"/tasks/{part.task_id}")
    clerk.page.get_by_label("做了什么").fill(words)
    clerk.press("报进展")
    clerk.sees(words)
    clerk.open(f"/search?q={words}")
    clerk.sees(words)
