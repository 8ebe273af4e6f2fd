"""The catalogue of mail: one function and one folder of templates per message.

A folder holds subject.txt, text.txt and body.html, and the same three in English under en/.
Words come from the templates, styles from templates/mail/style.css, set inline at the end because
mail programs drop everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import places
from tracker.mail.outbox import Contents
from tracker.mail.words import CHINESE, ENGLISH, ROLES, WANTED, day_in_words, left_in_words

MESSAGES = ("digest", "returned", "kept_back", "urged", "instructed", "handed_out", "test")
PARTS = ("subject.txt", "text.txt", "body.html")
MOST_ROWS = 50
"""Keeps the largest digest under 100 KB, where mail programs begin to cut."""
MOST_WORDS = 60


@dataclass(frozen=True)
class Row:
    """One line of a digest. `wanted` is a key of words.WANTED, `role` one of words.ROLES."""

    task_id: int
    number: str
    text: str
    role: str
    due_on: date
    workdays_left: int
    wanted: str


@dataclass(frozen=True)
class Named:
    """A task as a mail names it."""

    task_id: int
    number: str
    text: str
    due_on: date | None = None


def digest(
    rows: Sequence[Row], *, name: str, department: str, on: date, address: str, locale: str
) -> Contents:
    """A department's overdue and due-soon tasks on a day, in the order given."""
    overdue = sum(row.due_on < on for row in rows)
    ahead = [row.due_on for row in rows if row.due_on >= on]
    nearest = min(ahead) if ahead else min(row.due_on for row in rows)
    return _render(
        "digest", locale, address=address, name=name, department=department, on=on,
        rows=rows[:MOST_ROWS], more=max(0, len(rows) - MOST_ROWS), overdue=overdue,
        due_soon=len(ahead), nearest=nearest,
    )  # fmt: skip


def returned(
    *, name: str, department: str, task_id: int, number: str, text: str, demand: str,
    again_by: date | None, on: date, address: str, locale: str,
) -> Contents:  # fmt: skip
    """A completion was sent back; `demand` is what is still wanted, `again_by` until when."""
    return _render(
        "returned", locale, address=address, name=name, department=department, task_id=task_id,
        number=number, text=text, demand=demand, again_by=again_by, on=on,
    )  # fmt: skip


def kept_back(
    *, name: str, department: str, what: str, task_id: int, number: str, text: str, said: str,
    on: date, address: str, locale: str,
) -> Contents:  # fmt: skip
    """The department's own head kept a request back: `what` is "completion" or "extension"."""
    return _render(
        "kept_back", locale, address=address, name=name, department=department, what=what,
        task_id=task_id, number=number, text=text, said=said, on=on,
    )  # fmt: skip


def urged(
    tasks: Sequence[Named], *, name: str, department: str, said: str, on: date, address: str,
    locale: str,
) -> Contents:  # fmt: skip
    """The office urges a department on some of its tasks, in these words."""
    return _render(
        "urged", locale, address=address, name=name, department=department, tasks=tasks,
        said=said, on=on, most=MOST_ROWS,
    )  # fmt: skip


def instructed(
    task: Named, *, name: str, department: str, signed: str, said: str, on: date, address: str,
    locale: str,
) -> Contents:  # fmt: skip
    """A leader wrote an instruction on a task of the department."""
    return _render(
        "instructed", locale, address=address, name=name, department=department, task=task,
        signed=signed, said=said, on=on,
    )  # fmt: skip


def handed_out(
    *, name: str, department: str, plan: str, tasks: int, unfinished: int, nearest: date | None,
    back_by: date | None, by_reply: bool, on: date, address: str, locale: str,
) -> Contents:  # fmt: skip
    """A department's copy of a plan goes along: how many tasks it has, how many are not done, when the
    nearest of these is due, by when the copy is wanted back, and whether a reply will do."""
    return _render(
        "handed_out", locale, address=address, name=name, department=department, plan=plan,
        tasks=tasks, unfinished=unfinished, nearest=nearest, back_by=back_by, by_reply=by_reply,
        on=on,
    )  # fmt: skip


def test(*, on: date, address: str, locale: str) -> Contents:
    """Shows that mail leaves this tracker."""
    return _render("test", locale, address=address, on=on)


def folder() -> Path:
    """Where the mails' templates lie."""
    return places.templates() / "mail"


def _render(message: str, locale: str, **facts: Any) -> Contents:
    language = ENGLISH if locale.startswith(ENGLISH) else CHINESE
    place = f"{message}/en" if language == ENGLISH else message
    subject, text, html = (
        _environment(language).get_template(f"{place}/{part}").render(facts) for part in PARTS
    )
    return Contents(" ".join(subject.split()), text.strip() + "\n", _inliner().inline(html))


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder()),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["day"] = lambda day, on: day_in_words(day, on, language)
    environment.filters["left"] = lambda row, on: left_in_words(
        row.due_on, on, row.workdays_left, language
    )
    environment.filters["role"] = ROLES[language].__getitem__
    environment.filters["wanted"] = WANTED[language].__getitem__
    environment.filters["brief"] = _brief
    return environment


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_WORDS else line[: MOST_WORDS - 1] + "…"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        extra_css=(folder() / "style.css").read_text(encoding="utf-8"),
        load_remote_stylesheets=False,
    )
