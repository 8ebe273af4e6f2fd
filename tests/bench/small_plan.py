"""A plan of 172 rows: how long until its preview stands, and adding it to a large base against an
empty one."""

import shutil
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import reading, world
from tests.bench.measure import Line, in_turn, say, seconds, show
from tests.bench.world import World
from tests.importers import big_workbook
from tracker.db import Database
from tracker.directory.department import Department
from tracker.intake.batch import Batch
from tracker.intake.preview import preview_of
from tracker.settings import Settings

ROWS = 172
ROUNDS = 9


class Base:
    """A database of its own that plans are added to, one after the other."""

    def __init__(self, settings: Settings, at: datetime) -> None:
        self.settings, self.at = settings, at
        self.database = Database(settings.database)
        self.previews: list[float] = []
        self._plans = 0
        with self.database.writing() as session:
            session.add_all(
                Department.named(name, at=at, position=1) for name in big_workbook.DEPARTMENTS
            )

    def add(self, file: Path) -> float:
        """Seconds from the closed upload to the commit, the look at the preview left out."""
        self._plans += 1
        ident = 0

        def read() -> None:
            nonlocal ident
            ident = reading.lay_out(file, self.settings, self.database, f"小计划{self._plans}")

        reads, looks = seconds(read), seconds(lambda: self._look(ident))
        self.previews.append(reads + looks)
        return reads + seconds(lambda: reading.confirm(self.database, ident))

    def _look(self, ident: int) -> None:
        with self.database.reading() as session:
            preview_of(session, session.get_one(Batch, ident), on=self.at.date())


def run(folder: Path, large: World, assignments: int) -> None:
    """Print the lines of a small plan beside `assignments` others; `large` itself stays as it is."""
    say(f"A plan of {ROWS} rows beside what is there already; SQLite, committed")
    file = folder / "small-plan.xlsx"
    big_workbook.write(file, ROWS)
    bases = {"empty": _empty(folder, large), "large": _copy(folder, large)}
    took = in_turn(ROUNDS, **{name: partial(base.add, file) for name, base in bases.items()})
    for base in bases.values():
        base.database.close()
    preview = median(bases["large"].previews)
    show(Line(f"preview it, {assignments:,} assignments", preview, "server time", 0.5, "s"))
    show(Line("  add it", took["large"] / took["empty"], "adding it to an empty base", 5))


def _empty(folder: Path, large: World) -> Base:
    home = folder / "small-plan-empty"
    home.mkdir()
    return Base(world.make(home, 0, today=large.today).settings, reading.AT)


def _copy(folder: Path, large: World) -> Base:
    home = folder / "small-plan-large"
    home.mkdir()
    shutil.copy(large.settings.instance / "tracker.db", home)
    address = f"sqlite:///{home}/tracker.db"
    settings = large.settings.model_copy(update={"instance": home, "database_url": address})
    return Base(settings, reading.AT)
