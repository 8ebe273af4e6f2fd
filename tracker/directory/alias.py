"""Another name (别名): what a written name means, once a person has said so."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word
from tracker.text import match_key


class Meaning(StrEnum):
    """What a written name can turn out to be."""

    DEPARTMENT = "department"
    GROUP = "group"
    NOBODY = "nobody"


class Alias(SQLModel, table=True):
    """A remembered reading of a name. `key` is the name as it is compared."""

    __tablename__ = "alias"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(unique=True)
    meaning: Meaning = Field(sa_type=word(Meaning))
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    group_id: int | None = Field(
        default=None, foreign_key="department_group.id", index=True, ondelete="CASCADE"
    )
    said_by: int | None = Field(default=None, foreign_key="user.id")
    said_at: datetime = Field(sa_type=UtcDateTime)

    @classmethod
    def of_department(
        cls, name: str, department_id: int, *, by: int | None, at: datetime
    ) -> "Alias":
        """This name means that department."""
        return cls(
            name=name, key=match_key(name), meaning=Meaning.DEPARTMENT,
            department_id=department_id, said_by=by, said_at=at,
        )  # fmt: skip

    @classmethod
    def of_group(cls, name: str, group_id: int, *, by: int | None, at: datetime) -> "Alias":
        """This name means that group."""
        return cls(
            name=name, key=match_key(name), meaning=Meaning.GROUP, group_id=group_id,
            said_by=by, said_at=at,
        )  # fmt: skip

    @classmethod
    def of_nobody(cls, name: str, *, by: int | None, at: datetime) -> "Alias":
        """These words name nobody: a remark in a department cell."""
        return cls(name=name, key=match_key(name), meaning=Meaning.NOBODY, said_by=by, said_at=at)
