"""Which export a table without any mark came from: the plan by its tasks' words, then the newest export
that went to the table's department."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.exchange.export import Export
from tracker.exchange.merging.fields import read_words
from tracker.exchange.merging.recognising import Loose
from tracker.plans.task import Task
from tracker.text import match_key

LOOKED_AT = 200
"""Rows whose words are looked for."""
FEWEST = 0.3
"""The share of them that a plan must know."""


def export_like(session: Session, loose: Sequence[Loose]) -> Export | None:
    """The export, or None where no plan knows enough of the words or it never went out."""
    texts = [one.text("text") for one in loose[:LOOKED_AT]]
    said = {_plain(text) for text in texts}
    spellings = {*texts, *said}
    known = session.exec(select(Task.plan_id, Task.text).where(col(Task.text).in_(spellings)))
    hits = Counter(plan_id for plan_id, _text in {*known})
    if not hits:
        return None
    plan_id, count = hits.most_common(1)[0]
    if count < FEWEST * len(said):
        return None
    return _newest(session, plan_id, _department(session, loose))


def _plain(text: str) -> str:
    try:
        return read_words(text)
    except InputError:
        return text


def _department(session: Session, loose: Sequence[Loose]) -> int | None:
    """The one department that every row names; none where there are several."""
    names = {match_key(one.text("department")) for one in loose}
    if len(names) != 1:
        return None
    return session.exec(select(Department.id).where(Department.key == names.pop())).first()


def _newest(session: Session, plan_id: int, department_id: int | None) -> Export | None:
    wanted = select(Export).where(Export.plan_id == plan_id).order_by(col(Export.id).desc())
    own = session.exec(wanted.where(Export.department_id == department_id)).first()
    return own or session.exec(wanted.where(col(Export.department_id).is_(None))).first()
