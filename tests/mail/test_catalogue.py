"""The wording of every message, kept as files: GOLDEN=1 writes them anew."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.reminders.cast import TODAY
from tracker.mail import catalogue
from tracker.mail.catalogue import Named, Row
from tracker.mail.compose import compose
from tracker.mail.message import Message
from tracker.mail.outbox import Contents

GOLDEN = Path(__file__).parent / "golden"
WHERE = "http://tracker.test"
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def row(due_in: int, workdays: int, wanted: str = "complete", role: str = "lead") -> Row:
    return Row(
        task_id=70 + due_in, number=f"1.{due_in + 40}", text="开展校园周边环境整治", role=role,
        due_on=TODAY + timedelta(days=due_in), workdays_left=workdays, wanted=wanted,
    )  # fmt: skip


def digest(*rows: Row, locale: str = "", **facts: str) -> Contents:
    words = {"name": "教育经办甲", "department": "教育局"} | facts
    return catalogue.digest(rows, on=TODAY, address=WHERE, locale=locale, **words)


def mixed(locale: str) -> Contents:
    rows = [row(-30, 0, "correct"), row(0, 0, "receive"), row(1, 1, role="support"), row(5, 3)]
    return digest(*rows, locale=locale)


def only_late(locale: str) -> Contents:
    return digest(row(-1, 0, "feed_back", "support"), locale=locale)


def only_soon(locale: str) -> Contents:
    return digest(row(4, 0), locale=locale)


def returned(locale: str) -> Contents:
    return catalogue.returned(
        name="教育经办甲", department="教育局", task_id=7, number="12", on=TODAY, address=WHERE,
        text="开展校园周边环境整治", demand="请补充整改后的照片。\n并写明日期。",
        again_by=date(2026, 3, 13), locale=locale,
    )  # fmt: skip


def kept_back(locale: str, what: str) -> Contents:
    return catalogue.kept_back(
        name="教育经办甲", department="教育局", what=what, task_id=7, number="12", on=TODAY,
        text="开展校园周边环境整治", said="缺两所学校的台账。\n请补齐后再报。", address=WHERE, locale=locale,
    )  # fmt: skip


NAMED = Named(7, "12", "开展校园周边环境整治", TODAY + timedelta(days=3))


def urged(locale: str) -> Contents:
    return catalogue.urged(
        [NAMED, Named(8, "", "核对台账")], name="教育经办甲", department="教育局",
        said="请在周五前上报进展。", on=TODAY, address=WHERE, locale=locale,
    )  # fmt: skip


def instructed(locale: str) -> Contents:
    return catalogue.instructed(
        NAMED, name="教育经办甲", department="教育局", signed="分管领导", said="请逐校核对。\n月底前报我。",
        on=TODAY, address=WHERE, locale=locale,
    )  # fmt: skip


def handed_out(locale: str, by_reply: bool) -> Contents:
    return catalogue.handed_out(
        name="教育经办甲", department="教育局", plan="清河县整治方案", tasks=12 if by_reply else 1,
        unfinished=9 if by_reply else 1, nearest=TODAY + timedelta(days=9) if by_reply else None,
        back_by=TODAY + timedelta(days=5) if by_reply else None, by_reply=by_reply, on=TODAY,
        address=WHERE, locale=locale,
    )  # fmt: skip


def test_mail(locale: str) -> Contents:
    return catalogue.test(on=TODAY, address=WHERE, locale=locale)


test_mail.__test__ = False  # type: ignore[attr-defined]

SPOKEN: dict[str, Callable[[str], Contents]] = {
    "digest": mixed, "digest-late": only_late, "digest-soon": only_soon, "returned": returned,
    "kept-back-completion": partial(kept_back, what="completion"),
    "kept-back-extension": partial(kept_back, what="extension"),
    "urged": urged, "instructed": instructed, "test": test_mail,
    "handed-out": partial(handed_out, by_reply=True),
    "handed-out-bare": partial(handed_out, by_reply=False),
}  # fmt: skip


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("name", SPOKEN)
def test_every_message_reads_as_agreed(name: str, locale: str) -> None:
    said = SPOKEN[name](locale)
    for part, text in (("txt", f"{said.subject}\n\n{said.text}"), ("html", said.html)):
        file = GOLDEN / f"{name}.{locale}.{part}"
        if os.environ.get("GOLDEN"):
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text, f"{file.name}: GOLDEN=1 accepts this"


@pytest.mark.parametrize("message", catalogue.MESSAGES)
def test_every_message_has_its_three_templates_in_both_languages(message: str) -> None:
    for place in (message, f"{message}/en"):
        found = {file.name for file in (catalogue.folder() / place).iterdir() if file.is_file()}
        assert found == set(catalogue.PARTS)


def test_the_catalogue_knows_every_folder() -> None:
    folders = {path.name for path in catalogue.folder().iterdir() if path.is_dir()}
    assert folders == set(catalogue.MESSAGES)


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "</title>"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_shown_as_text(text: str) -> None:
    hostile = Row(1, text, text, "lead", TODAY, 0, "complete")
    said = digest(hostile, name=text, department=text)
    assert "<script" not in said.html and "<img" not in said.html and "</title>" not in said.html
    assert text in said.text


def test_the_largest_digest_stays_under_100_kb_and_says_how_many_are_left_out() -> None:
    rows = [Row(10**9, "九" * 20, "整" * 120, "support", TODAY, 0, "correct")] * 300
    said = catalogue.digest(
        rows, name="经" * 30, department="单" * 60, on=TODAY, locale="",
        address="https://" + "long-name." * 6 + "test",
    )  # fmt: skip
    letter = Message(
        business_key="k", kind="digest", day=TODAY, address="a@b.test", header_id="<a@b>",
        subject=said.subject, text=said.text, html=said.html, created_at=NOW, next_try_at=NOW,
    )  # fmt: skip
    assert len(compose(letter, sender="t@b.test", at=NOW).as_bytes()) < 100_000
    assert "另有 250 项未列出" in said.text and "另有 250 项未列出" in said.html
