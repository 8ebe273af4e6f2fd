"""The English switch reaches the words of every main page; data stays as it was written."""

import re

import pytest

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tracker.demo import tables
from tracker.demo.cast import COUNTY, DEPARTMENTS, PEOPLE

PAGES = {
    "edu": ("/my-work", "/plans", "/plans/1", "/plans/1?view=matrix", "/settings"),
    "office": ("/plans/2", "/imports", "/imports/1", "/reviews", "/reminders", "/monitor", "/directory"),
    "admin": ("/users", "/audit", "/outbox"),
}  # fmt: skip
INTERFACE = (
    "nav .rail-word, h1, h2, h3, th, button, label, legend, summary, .btn, .lead-line, .field-hint, "
    ".light-word, .state, .empty, .notice, .crumbs, [role=status]"
)
"""What we wrote, wherever the office's own words do not stand in it."""
DATA = ".cell-main, .outline, .sheet, datalist, option, .member-boxes, .aliases, .me-words, .tl, .questions"
OURS = {
    *(tables.CIVIL, tables.SERVICE, tables.TOWNS, "任务分解", "明查", "暗访", "4月底", "中文"),
    *("所有单位", "各镇", "各乡", "各乡镇"),
    *DEPARTMENTS,
    *(person.title for person in PEOPLE),
    *(person.department.removeprefix(COUNTY) for person in PEOPLE),
}
"""What the demo world's people wrote, and words of tables that a hint quotes."""
GIVEN = re.compile("|".join(sorted(OURS - {""}, key=len, reverse=True)))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def chinese_words(person: Person) -> list[str]:
    """Chinese in headings, buttons, labels and names for screen readers, but for known data."""
    found = person.page.evaluate(
        """([wanted, data]) => [...document.querySelectorAll(wanted)]
        .filter(e => e.offsetParent && !e.closest(data)).flatMap(e =>
            [e.innerText, e.getAttribute('aria-label') || '', e.getAttribute('placeholder') || ''])""",
        [INTERFACE, DATA],
    )
    return [words for words in found if CHINESE.search(GIVEN.sub("", words))]


@pytest.mark.parametrize("login", PAGES)
def test_the_main_pages_speak_english(site: str, visit: Visit, login: str) -> None:
    person = visit(site, login)
    person.page.get_by_role("button", name="English").click()
    left = {}
    for path in PAGES[login]:
        assert person.open(path) == 200, path
        person.shot("english")
        if words := chinese_words(person):
            left[path] = words
    assert left == {}


def test_the_language_stays_through_signing_out(site: str, visit: Visit) -> None:
    person = visit(site, "edu")
    person.page.get_by_role("button", name="English").click()
    person.page.locator(".topbar-me summary").click()
    person.page.get_by_role("button", name="Sign out").click()
    person.page.get_by_role("heading", name="Sign in").wait_for()
