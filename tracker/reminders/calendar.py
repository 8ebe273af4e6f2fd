"""The working calendar (工作日历): weekends, holidays, make-up workdays; in the database."""

from datetime import date

from sqlmodel import Field, SQLModel


class CalendarDay(SQLModel, table=True):
    """A day that differs from its weekday: a holiday, or a Saturday that is worked."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    works: bool
    name: str = ""


class CalendarYear(SQLModel, table=True):
    """A year whose holidays are known; a missing one is said loudly."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str
