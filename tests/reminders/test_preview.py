"""The page that says who gets what, and why."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.reminders.cast import TODAY, Cast
from tracker.actor import Role
from tracker.db import Database
from tracker.directory.post import Holding, Post
from tracker.mail.delivery import Delivered
from tracker.reminders.planning import Planned
from tracker.reminders.preview import Outlook, Said, who_gets_what

TOMORROW = TODAY + timedelta(days=1)


def outlook(database: Database, on: date = TODAY) -> Outlook:
    with database.reading() as session:
        return who_gets_what(session, on, today=TODAY)


def said(database: Database) -> list[Said]:
    return [line.said for preview in outlook(database).previews for line in preview.lines]


def test_it_says_whom_what_and_why(cast: Cast, database: Database) -> None:
    cast.task(TODAY, "城管局", text="清理占道经营")
    (preview,) = outlook(database, TOMORROW).previews
    assert (preview.person, preview.department) == ("城管经办", "城管局")
    (line,) = preview.lines
    assert (line.why, line.said, line.work.text) == ("时限已过", Said.NOT_YET, "清理占道经营")


def test_who_serves_two_departments_is_one_person_with_two_letters(
    cast: Cast, database: Database
) -> None:
    cast.task(TODAY, "城管局", "水务局")
    (post,) = cast.keep(
        Post(title="兼职", role=Role.CLERK, department_id=cast.departments["水务局"])
    )
    cast.keep(Holding(post_id=post, user_id=cast.users["城管经办"], from_on=TODAY))
    seen = outlook(database)
    assert (seen.letters, seen.people) == (2, 1)


def test_it_follows_the_mail(
    cast: Cast, database: Database, plan: Callable[..., Planned], deliver: Callable[..., Delivered]
) -> None:
    cast.task(TODAY, "城管局")
    assert said(database) == [Said.NOT_YET]
    plan()
    assert said(database) == [Said.WAITING]
    assert not outlook(database).previews[0].goes_out
    deliver()
    assert said(database) == [Said.SENT]


def test_it_shows_exactly_what_planning_then_plans(
    cast: Cast, database: Database, plan: Callable[..., Planned]
) -> None:
    cast.task(TODAY, "教育局", "城管局")
    cast.task(TODAY - timedelta(days=9), "水务局")
    shown = {preview.address for preview in outlook(database).previews if preview.goes_out}
    assert shown == {part.recipient for part in plan().planned}


def test_for_a_day_gone_by_it_shows_those_in_post_now_as_planning_does(
    cast: Cast, database: Database, plan: Callable[..., Planned]
) -> None:
    gone_by = TODAY - timedelta(days=2)
    cast.task(gone_by, "城管局")
    cast.change(Holding, 4, until_on=TODAY)
    cast.person("城管新人", "城管局", from_on=TODAY)
    shown = {preview.address for preview in outlook(database, gone_by).previews}
    assert shown == {part.recipient for part in plan(gone_by).planned} == {"u6@qinghe.test"}


def test_days_off_and_departments_without_a_reader_are_shown(
    cast: Cast, database: Database
) -> None:
    cast.department("文旅局")
    cast.task(TODAY, "文旅局")
    seen = outlook(database, date(2026, 3, 14))
    assert (seen.works, seen.unreachable) == (False, ("文旅局",))
