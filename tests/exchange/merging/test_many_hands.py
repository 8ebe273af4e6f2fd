"""Many hands offline and on the web at once: no update is lost, nothing is written without a choice.

Round after round some clerks take their table out, people report on the web and write in the tables, and
the tables come back in any order. Beside the tracker a model keeps what each cell must say.
"""

from collections.abc import Callable
from random import Random

import pytest
from sqlmodel import select

from tests.conftest import NOON, Office
from tests.exchange.merging.hands import EDU, confirmed, look, opened, take_out
from tracker.errors import StepRefused
from tracker.events import keep, verify
from tracker.exchange.merging import applying, saying
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import Merged
from tracker.exchange.merging.merge import Cell, Kind
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.rows import lines
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan
from tracker.reminders import calendar
from tracker.work.receipt import receive
from tracker.work.report import report

FIELDS = ("progress", "percent", "difficulties", "next_step")


class Desk:
    """One department's parts, worked on in both ways; `lost` are updates that nobody was told of."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.dice, self.lost = office, Random(seed), list[str]()
        self.conflicts = self.written = 0
        with office.database.writing() as session:
            own = office.actor("edu").department_ids
            rows = session.exec(select(Assignment).where(Assignment.department_id.in_(own)))  # type: ignore[attr-defined]
            self.parts = []
            for part in rows.all():
                if part.state == AssignmentState.ISSUED:
                    keep(session, part, *receive(part, by=office.actor("edu"), at=NOON))
                if part.state == AssignmentState.IN_PROGRESS and part.plan_id == 1:
                    self.parts.append(part.id or 0)

    def values(self) -> dict[Cell, str]:
        with self.office.database.reading() as session:
            plan = session.get_one(Plan, 1)
            zone = self.office.settings.timezone
            found = saying.values(lines(session, plan, today=NOON.date(), zone=zone))
        return {c: v for c, v in found.items() if c.field in FIELDS and c.ident in self.parts}

    def new_value(self, field: str) -> str:
        if field == "percent":
            return str(self.dice.randrange(0, 101))
        return f"第{self.dice.randrange(10_000)}次"

    def on_the_web(self) -> None:
        """Somebody reports on one part: every field of it, some of them as before."""
        ident = self.dice.choice(self.parts)
        present = {c.field: v for c, v in self.values().items() if c.ident == ident}
        field = self.dice.choice(FIELDS)
        present[field] = self.new_value(field)
        with self.office.database.writing() as session:
            part = session.get_one(Assignment, ident, with_for_update=True)
            rows = report(
                part, by=self.office.actor("edu"), at=NOON, text=present["progress"] or "在办",
                percent=int(present["percent"]), difficulties=present["difficulties"],
                next_step=present["next_step"],
            )  # fmt: skip
            keep(session, part, *rows)

    def round_trip(self, confirm: Callable[..., object]) -> None:
        """A table goes out, is written in, and comes back while the web goes on."""
        content = take_out(self.office, "edu", department=EDU)
        base = self.values()
        book, mine = opened(content), dict[Cell, str]()
        for ident in self.dice.sample(self.parts, self.dice.randrange(1, len(self.parts))):
            field = self.dice.choice(FIELDS)
            cell = next(c for c in base if c.ident == ident and c.field == field)
            mine[cell] = self.new_value(field)
            shown = int(mine[cell]) / 100 if field == "percent" else mine[cell]
            book.write(book.row_of(ident), field, shown)
        for _ in range(self.dice.randrange(4)):
            self.on_the_web()
        sent = book.saved()
        merged = look(self.office, sent, "edu")
        conflicts = [change.cell for change in merged.of(Kind.CONFLICT)]
        self.conflicts += len(conflicts)
        take = {cell for cell in conflicts if self.dice.random() < 0.5}
        choice = Choice(take, {*conflicts} - take)
        if self.dice.random() < 0.5:
            self.on_the_web()
        before = self.values()
        told = {c.cell for c in merged.changes if c.kind in (Kind.CONFLICT, Kind.OURS, Kind.SAME)}
        try:
            confirm(sent, merged, choice)
        except StepRefused:
            assert self.values() == before, "a refusal wrote something"
            return
        self.judge(base, mine, before, self.values(), told, take)

    def judge(
        self, base: dict[Cell, str], mine: dict[Cell, str], before: dict[Cell, str],
        after: dict[Cell, str], told: set[Cell], take: set[Cell],
    ) -> None:  # fmt: skip
        for cell, stood in before.items():
            on_web = stood != base[cell]
            offline = cell in mine and mine[cell] != base[cell]
            if on_web and cell not in told:
                if after[cell] != stood:
                    self.lost.append(f"{cell}: {stood} on the web is gone, nobody was told")
                continue
            if offline and (not on_web or cell in take):
                self.written += 1
                assert after[cell] == mine[cell], f"{cell}: written in the table, and not here"
            elif not stood and after[cell].startswith("完成 "):
                continue  # a report says something: where nobody wrote a word, how far it is
            elif after[cell] != stood:
                self.lost.append(f"{cell}: {stood} became {after[cell]} without a choice")


def _hand_in(office: Office) -> HandIn:
    with office.database.reading() as session:
        return HandIn(office.actor("edu"), NOON, NOON.date(), calendar.load(session, NOON.date()))


@pytest.mark.parametrize("times", [15, pytest.param(200, marks=pytest.mark.long)])
def test_no_update_is_lost(office: Office, times: int) -> None:
    desk = Desk(office, seed=times)

    def confirm(sent: bytes, merged: Merged, choice: Choice) -> None:
        with office.database.writing() as session:
            zone = office.settings.timezone
            confirmed(session, sent, merged, choice, _hand_in(office), zone=zone)

    for _ in range(times):
        desk.round_trip(confirm)
    assert desk.lost == []
    assert desk.conflicts > times / 10 and desk.written > times / 2, "the control: it was tried"
    with office.database.reading() as session:
        assert verify(session) == []


def test_control_without_the_second_look_updates_are_lost(office: Office) -> None:
    """What was merged is written as it was, whatever happened since."""
    desk = Desk(office, seed=3)

    def confirm(_sent: bytes, merged: Merged, choice: Choice) -> None:
        with office.database.writing() as session:
            applying.apply(session, applying.wanted(merged.changes, choice), _hand_in(office))

    for _ in range(40):
        desk.round_trip(confirm)
        if desk.lost:
            return
    pytest.fail("the harness would not see a loss")
