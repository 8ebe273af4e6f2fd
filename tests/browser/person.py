"""A person at a browser: what she opens, clicks, types and sees.

Whatever the browser complains of (script errors, refused styles, server errors) is kept, and the
fixture that made the person fails the test for it.
"""

import os
import re
from pathlib import Path
from typing import Any

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("TRACKER_SHOTS")
"""A folder for a picture of every step; none are taken without it."""

_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d)")


class Person:
    """One browser window of one person."""

    def __init__(self, page: Any, base: str, *, phone: bool) -> None:
        self.page, self.base, self.phone = page, base, phone
        self.complaints: list[str] = []
        self.clicks = 0
        self.steps = 0
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def _heard(self, message: Any) -> None:
        """Errors and warnings, but for a refusal (4xx) that the page shows in words."""
        if message.type in ("error", "warning") and not _REFUSED.search(message.text):
            self.complaints.append(message.text)

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, path: str) -> int:
        """Go to an address of the tracker; the status of the answer."""
        answer = self.page.goto(self.base + path)
        return int(answer.status)

    def sign_in(self, login: str, password: str) -> None:
        self.open("/sign-in")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def click(self, target: Any) -> None:
        """A click that counts."""
        self.clicks += 1
        target.click()

    def press(self, name: str, *, exact: bool = True) -> None:
        """Click the first visible button or link with these words; it counts."""
        self.click(self.button(name, exact=exact))

    def button(self, name: str, *, exact: bool = True) -> Any:
        either = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact)
        )
        return either.locator("visible=true").first

    def sees(self, words: str) -> None:
        """Waits until the words are on the page; raises AssertionError when they do not come."""
        from playwright.sync_api import expect

        expect(self.page.locator("main")).to_contain_text(words)

    def main(self) -> str:
        """The words of the page's own part."""
        return str(self.page.locator("main").inner_text())

    def is_too_wide(self) -> bool:
        """Whether the page must be scrolled sideways."""
        over: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return over > 0

    def shot(self, name: str) -> None:
        """A picture of the step, where TRACKER_SHOTS names a folder."""
        if SHOTS is None:
            return
        self.steps += 1
        size = "phone" if self.phone else "desk"
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=Path(SHOTS) / f"{name}-{self.steps:02}-{size}.png")
