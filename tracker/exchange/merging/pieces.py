"""Files that came along with a returned workbook (随表交来的佐证材料): they become evidence where the
workbook names them."""

import re
from collections.abc import Iterable, Mapping

from sqlmodel import Field, Session, SQLModel, col, select

from tracker.storage import StoredFile


class ReturnedPiece(SQLModel, table=True):
    """A kept file, with the previews of an image."""

    __tablename__ = "returned_piece"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    returned_file_id: int = Field(foreign_key="returned_file.id", index=True, ondelete="CASCADE")
    file_id: int = Field(foreign_key="stored_file.id")
    small_id: int | None = Field(default=None, foreign_key="stored_file.id")
    large_id: int | None = Field(default=None, foreign_key="stored_file.id")


NO_NAMES = frozenset({"无", "没有", "暂无", "见附件", "附后", "略", "/", "-", "—", "–"})
_PARTING = str.maketrans({"、": "\n", "；": "\n", ";": "\n"})
_ENDING = re.compile(r"\.\w{1,5}$")

Pieces = Mapping[str, tuple[StoredFile, ReturnedPiece]]
"""By the file's name in the spelling in which names are compared."""


def spelled(name: str) -> str:
    """A file's name as it is compared: case, spaces and the folders before it are no difference."""
    return "".join(re.split(r"[/\\]", name)[-1].split()).casefold()


def names_in(cell: str) -> list[str]:
    """The file names that a cell lists, one a line, or parted by 、 or ；, and by commas where each piece
    has an ending; words that say there are none are no names."""
    lines = cell.translate(_PARTING).split("\n")
    names = [name.strip() for line in lines for name in _by_commas(line)]
    return [name for name in names if name and name not in NO_NAMES]


def _by_commas(line: str) -> list[str]:
    pieces = line.replace("，", ",").split(",")
    return pieces if all(_ENDING.search(piece.strip()) for piece in pieces) else [line]


def pieces_of(session: Session, returned_file_id: int) -> Pieces:
    """What came along with a workbook; of two of one name the last."""
    rows = session.execute(
        select(StoredFile, ReturnedPiece)
        .join(ReturnedPiece, col(ReturnedPiece.file_id) == StoredFile.id)
        .where(ReturnedPiece.returned_file_id == returned_file_id)
        .order_by(col(ReturnedPiece.id))
    )
    return {spelled(file.name): (file, piece) for file, piece in rows}


def new_names(cell: str, before: str) -> tuple[list[str], list[str]]:
    """The names that a cell lists anew, and those it no longer lists."""
    was, now = {spelled(n): n for n in names_in(before)}, {spelled(n): n for n in names_in(cell)}
    added = [name for key, name in now.items() if key not in was]
    return added, [name for key, name in was.items() if key not in now]


def lacking(names: Iterable[str], pieces: Pieces) -> list[str]:
    """The names of which no file came."""
    return [name for name in names if spelled(name) not in pieces]
