"""Evidence (佐证材料): a file that shows what was done. Belongs to the report it came with."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class Evidence(SQLModel, table=True):
    """One file at one assignment."""

    __tablename__ = "evidence"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    report_id: int | None = Field(
        default=None, foreign_key="report.id", index=True, ondelete="CASCADE"
    )
    file_id: int = Field(foreign_key="stored_file.id")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
