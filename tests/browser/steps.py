"""What people do on the pages, in the pages' words."""

from pathlib import Path
from typing import Any

from tests.browser.person import Person

READING = 450
"""ms between two answers; a faster click on a question nobody has read is passed over."""


def drop(person: Person, file: Any, *, issued_on: str = "") -> None:
    """Put a plan's file on the import page and have it read."""
    person.open("/imports")
    choose_and_read(person, file, issued_on=issued_on)
    person.page.wait_for_url("**/imports/*")


def choose_and_read(person: Person, file: Any, *, issued_on: str = "") -> None:
    """Fill in the form that is on view and send it; `file` is a path or Playwright's dict."""
    person.page.locator("main input[type=file]").set_input_files(file)
    person.page.get_by_label("印发日期").fill(issued_on)
    person.press("读取并核对")


def import_directory(person: Person, file: Path) -> None:
    person.open("/directory")
    person.page.locator("main input[type=file]").set_input_files(file)
    person.press("导入名录")
    person.sees("个单位，已有")


def question(person: Person, words: str) -> Any:
    """The open question about these words."""
    return person.page.locator(".question:not(.is-answered)").filter(has_text=f"“{words}”")


def left(person: Person, count: int) -> None:
    """Waits until so many questions are open, and a moment more."""
    person.sees(f"还有 {count} 个问题" if count else "问题都已回答")
    person.page.wait_for_timeout(READING)


def answer(person: Person, words: str, button: str) -> None:
    """Answer with a button that is on view."""
    question(person, words).get_by_role("button", name=button, exact=True).first.click()


def answer_otherwise(person: Person, words: str, label: str, text: str, button: str) -> None:
    """Open the other answers, fill one in and send it."""
    asked = question(person, words)
    asked.locator("summary").click()
    asked.get_by_label(label, exact=True).fill(text)
    asked.get_by_role("button", name=button, exact=True).click()


def accept_the_rest(person: Person) -> None:
    """Take the proposals, after being asked."""
    person.press("全部按建议回答")
    agree(person)
    left(person, 0)


def agree(person: Person) -> None:
    """Say yes in the dialog."""
    person.click(person.page.locator("[data-confirm-yes]"))


def confirm(person: Person) -> None:
    person.press("确认导入")
    person.page.wait_for_url("**/plans/*")


def undo(person: Person) -> None:
    """From a plan just imported, back to before."""
    person.press("看导入记录")
    person.press("撤销导入")
    person.shot("undo")
    agree(person)
    person.page.wait_for_url("**/imports")
