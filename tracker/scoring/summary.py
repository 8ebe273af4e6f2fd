"""What one task earned, for its page."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.scoring.award import Award
from tracker.scoring.item import Item
from tracker.scoring.round import Round


def of_task(session: Session, items: Any, task_id: int) -> list[tuple[Item, Round, Award | None]]:
    """(item, round, award) of the task, newest round first; `items` selects what the person sees.

    Whoever sees an item before its round is published is the office or awards it herself.
    """
    wanted = (
        items.where(col(Item.task_id) == task_id)
        .join(Round, col(Round.id) == Item.round_id)
        .join(Award, sa.and_(col(Award.item_id) == Item.id), isouter=True)
        .add_columns(Round, Award)
        .order_by(col(Round.id).desc(), col(Item.id))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(wanted).all()]
