"""What the cast does in a round, through the pages as browsers send it."""

import re
import secrets
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.conftest import Office
from tracker.actor import Role
from tracker.demo.cast import PASSWORD
from tracker.directory import people
from tracker.directory.user import User, hash_of
from tracker.events import Event
from tracker.scoring.award import Award
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.scoring.visit import Visit

OPEN = "1) 中小学开足健康教育课"
"""明查, 4 points, the education bureau's."""
COVERT = "2) 校园周边二百米"
"""暗访, 6 points, of three leads; education is the first."""
CANTEEN = "3) 学校食堂公示"
"""暗访, 4 points, education and market lead."""
CLINIC = "1) 医疗机构候诊区"
"""暗访, 4 points, the health commission's."""
LATER = date(2026, 4, 20)


def id_in(answer: TestResponse) -> int:
    """The id in the address an answer leads to."""
    assert answer.status_code == 302, answer.get_data(as_text=True)
    found = re.search(r"/(\d+)$", answer.headers["Location"])
    assert found
    return int(found.group(1))


def open_round(office: Office, kind: str = "formal", name: str = "正式测评", **more: str) -> int:
    plan = office.task(OPEN).plan_id
    form = {"kind": kind, "name": name, **more}
    return id_in(office.client_as("office").post(f"/plans/{plan}/rounds", data=form))


def item(office: Office, round_id: int, beginning: str) -> Item:
    """The item of the task that begins so."""
    with office.database.reading() as session:
        wanted = select(Item).where(
            Item.round_id == round_id, Item.task_id == office.task(beginning).id
        )
        return session.exec(wanted).one()


def award_of(office: Office, item_id: int | None) -> Award | None:
    with office.database.reading() as session:
        return session.exec(select(Award).where(Award.item_id == item_id)).first()


def award(
    browser: FlaskClient,
    item_id: int | None,
    points: str,
    reason: str = "抽查两所学校",
    **more: str,
) -> TestResponse:
    form = {"points": points, "reason": reason, **more}
    return browser.post(f"/items/{item_id}/awards", data=form)


def seen(office: Office, given: Award | None) -> str:
    """What the form of an award holds that was opened over this one."""
    assert given is not None
    with office.database.reading() as session:
        return session.get_one(Event, given.event_id).hash


def plan_visit(
    office: Office, round_id: int, beginnings: tuple[str, ...], login: str = "inspector",
    on: date | None = None, **more: str,
) -> Visit:  # fmt: skip
    form = {
        "inspector": str(office.actor(login).user_id),
        "planned_on": (on or office.now.date() + timedelta(days=3)).isoformat(),
        "item": [str(item(office, round_id, one).id) for one in beginnings],
        **more,
    }
    answer = office.client_as("office").post(f"/rounds/{round_id}/visits", data=form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    with office.database.reading() as session:
        return session.exec(select(Visit).order_by(col(Visit.id).desc()).limit(1)).one()


def finding(item_id: int | None, verdict: str = "off", **more: object) -> dict[str, object]:
    """What an inspector's page sends."""
    off = {"points_off": "1.5", "text": "门口有流动摊点", "place": "学校东门"}
    said = off if verdict == "off" else {}
    return {
        "key": secrets.token_hex(16), "item": str(item_id), "verdict": verdict, **said, **more
    }  # fmt: skip


def photo(camera: bool = True) -> BytesIO:
    """A JPEG with what a phone writes beside the pixels."""
    written = Image.Exif()
    if camera:
        written[0x013B], written[0x0110] = "CANARY-OWNER", "CANARY-PHONE"
        written[0x0132] = "2026:03:13 09:41:00"
        written[0x8825] = {1: "N", 2: (31.0, 12.0, 30.0)}
    kept = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 60)).save(kept, "JPEG", exif=written)
    kept.seek(0)
    return kept


def close(office: Office, round_id: int) -> None:
    assert office.client_as("office").post(f"/rounds/{round_id}/closing").status_code == 302


def publish(office: Office, round_id: int, rectify_by: str = LATER.isoformat()) -> TestResponse:
    return office.client_as("office").post(
        f"/rounds/{round_id}/publication", data={"rectify_by": rectify_by}
    )


def published(office: Office, round_id: int) -> Round:
    with office.database.reading() as session:
        return session.get_one(Round, round_id)


def add_inspector(office: Office, login: str, name: str) -> None:
    with office.database.writing() as session:
        people.add_user(
            session, login=login, name=name, email=f"{login}@qinghe.example",
            password_hash=hash_of(PASSWORD, login=""), role=Role.INSPECTOR, department=None,
            by=office.actor("admin"), at=office.now, on=office.now.date(), title="暗访员",
        )  # fmt: skip


def rename(office: Office, login: str, name: str) -> None:
    with office.database.writing() as session:
        user = session.exec(select(User).where(User.login == login)).one()
        user.name = name
        session.add(user)


def moment(hour: int) -> str:
    return datetime(2026, 3, 10, hour, tzinfo=UTC).isoformat()
