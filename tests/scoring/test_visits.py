"""暗访: planned by the office, entered by the inspector, seen by nobody else; a resend never doubles."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import func, select

from tests.conftest import Office
from tests.scoring.play import (
    CANTEEN,
    COVERT,
    OPEN,
    add_inspector,
    close,
    finding,
    item,
    open_round,
    photo,
    plan_visit,
)  # fmt: skip
from tracker.scoring.finding import Finding, FindingPhoto
from tracker.scoring.visit import Visit


def count(office: Office, model: type = Finding) -> int:
    with office.database.reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def test_an_inspector_sees_her_own_visits_and_no_other(office: Office) -> None:
    add_inspector(office, "second", "另一位暗访员")
    ident = open_round(office)
    mine = plan_visit(office, ident, (COVERT,))
    theirs = plan_visit(office, ident, (CANTEEN,), login="second", site="别人去的食堂")
    browser = office.client_as("inspector")
    page = browser.get("/visits").get_data(as_text=True)
    assert f"/visits/{mine.id}" in page and f"/visits/{theirs.id}" not in page
    assert browser.get(f"/visits/{mine.id}").status_code == 200
    assert browser.get(f"/visits/{theirs.id}").status_code == 404
    one = item(office, ident, CANTEEN)
    assert browser.post(f"/visits/{theirs.id}/findings", data=finding(one.id)).status_code == 404
    assert count(office) == 0
    assert office.client_as("second").get(f"/visits/{theirs.id}").status_code == 200


@pytest.mark.parametrize("beginning", [OPEN])
def test_only_covert_items_are_visited(office: Office, beginning: str) -> None:
    ident = open_round(office)
    form = {
        "inspector": office.actor("inspector").user_id, "planned_on": "2026-03-12",
        "item": item(office, ident, beginning).id,
    }  # fmt: skip
    answer = office.client_as("office").post(f"/rounds/{ident}/visits", data=form)
    assert (answer.status_code, count(office, Visit)) == (422, 0)


def test_nobody_but_an_inspector_is_sent_and_not_into_the_past(office: Office) -> None:
    ident = open_round(office)
    form = {"item": item(office, ident, COVERT).id, "planned_on": "2026-03-12"}
    browser, inspector = office.client_as("office"), office.actor("inspector").user_id
    wrong = (
        {**form, "inspector": office.actor("edu").user_id},
        {**form, "inspector": inspector, "planned_on": "2026-03-09"},
        {**form, "inspector": inspector, "planned_on": ""},
    )
    for sent in wrong:
        assert browser.post(f"/rounds/{ident}/visits", data=sent).status_code == 422
    assert count(office, Visit) == 0


def test_the_same_key_sent_again_is_the_same_finding(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    browser, sent = office.client_as("inspector"), finding(one.id)
    page, headers = f"/visits/{visit.id}/findings", {"X-Kept-Here": "1"}
    told = [
        browser.post(page, data={**sent, "photo": (photo(), "a.jpg")}, headers=headers)
        for _time in range(3)
    ]
    assert [answer.status_code for answer in told] == [201, 200, 200]
    assert {answer.get_json()["state"] for answer in told} == {"sent"}
    assert (count(office), count(office, FindingPhoto)) == (1, 1)
    browser.post(page, data=finding(one.id))
    assert count(office) == 2, "another key is another finding"


def test_a_key_of_another_visit_is_not_there(office: Office) -> None:
    ident = open_round(office)
    first, second = (plan_visit(office, ident, (COVERT,)) for _time in range(2))
    browser, sent = office.client_as("inspector"), finding(item(office, ident, COVERT).id)
    assert browser.post(f"/visits/{first.id}/findings", data=sent).status_code == 302
    assert browser.post(f"/visits/{second.id}/findings", data=sent).status_code == 404
    assert count(office) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "maybe"}, {"points_off": "0"}, {"points_off": "6.01"}, {"points_off": "-1"},
     {"text": " "}, {"key": "short"}, {"seen_at": "yesterday"}],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    office: Office, wrong: dict[str, str]
) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    browser, page = office.client_as("inspector"), f"/visits/{visit.id}/findings"
    answer = browser.post(page, data=finding(one.id, **wrong))
    assert (answer.status_code, count(office)) == (422, 0)
    assert browser.post(page, data=finding(one.id)).status_code == 302


def test_an_item_that_the_visit_does_not_look_at_is_not_there(office: Office) -> None:
    ident = open_round(office)
    visit, other = plan_visit(office, ident, (COVERT,)), item(office, ident, CANTEEN)
    page = f"/visits/{visit.id}/findings"
    assert office.client_as("inspector").post(page, data=finding(other.id)).status_code == 404


def test_a_moment_in_the_future_is_now(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    ahead = (office.now + timedelta(days=9)).isoformat()
    page = f"/visits/{visit.id}/findings"
    office.client_as("inspector").post(page, data=finding(one.id, seen_at=ahead))
    with office.database.reading() as session:
        assert session.exec(select(Finding.seen_at)).one() == office.now


def test_a_closed_round_refuses_and_says_so(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    close(office, ident)
    page, sent = f"/visits/{visit.id}/findings", finding(one.id)
    answer = office.client_as("inspector").post(page, data=sent)
    assert answer.status_code == 409 and "重新开放" in answer.get_data(as_text=True)
    office.client_as("office").post(f"/rounds/{ident}/reopening")
    assert office.client_as("inspector").post(page, data=sent).status_code == 302


def test_a_visit_is_called_off_while_it_has_no_findings(office: Office) -> None:
    ident = open_round(office)
    first, second = (plan_visit(office, ident, (COVERT,)) for _time in range(2))
    one, inspector, boss = (
        item(office, ident, COVERT), office.client_as("inspector"), office.client_as("office"),
    )  # fmt: skip
    inspector.post(f"/visits/{first.id}/findings", data=finding(one.id))
    assert boss.post(f"/visits/{first.id}/cancellation").status_code == 409
    assert boss.post(f"/visits/{second.id}/cancellation").status_code == 302
    page = inspector.get(f"/visits/{second.id}").get_data(as_text=True)
    assert "这次暗访已经取消" in page and "data-finding " not in page
    late = inspector.post(f"/visits/{second.id}/findings", data=finding(one.id))
    assert (late.status_code, "已经取消，结果没有写入" in late.get_data(as_text=True)) == (
        409,
        True,
    )
    assert f"/visits/{second.id}" not in inspector.get("/visits").get_data(as_text=True)
    assert inspector.get(f"/visits/{first.id}").status_code == 200


def test_words_of_a_deduction_given_up_are_not_kept(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    said = finding(one.id, "clear", text="先扣后改", points_off="1")
    assert (
        office.client_as("inspector").post(f"/visits/{visit.id}/findings", data=said).status_code
        == 302
    )
    with office.database.reading() as session:
        kept = session.exec(select(Finding)).one()
    assert (kept.is_clear, kept.text, kept.points_off) == (True, "", Decimal(0))


def test_a_photo_keeps_its_pixels_and_nothing_else(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    browser, sent = office.client_as("inspector"), photo().getvalue()
    assert b"CANARY-OWNER" in sent, "the control: the camera wrote it"
    browser.post(
        f"/visits/{visit.id}/findings",
        data=finding(one.id, photo=(BytesIO(sent), "IMG_20260313_0941.jpg")),
    )
    with office.database.reading() as session:
        ident = session.exec(select(Finding.id)).one()  # type: ignore[assignment]
    answer = browser.get(f"/findings/{ident}/photos/1")
    kept = answer.get_data()
    assert (answer.status_code, b"CANARY" in kept, b"2026:03" in kept) == (200, False, False)
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (64, 48) and dict(picture.getexif()) == {}
    said = str(answer.headers)
    assert "Last-Modified" not in said and "IMG_" not in said and "ETag" not in said
    folder = office.settings.uploads
    assert not any(b"CANARY" in path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.mark.parametrize(
    "content", [b"", b"<script>", b"\xff\xd8\xff\xe0 no more", b"GIF89a" + b"\0" * 40]
)
def test_what_is_no_photo_is_refused_by_its_number(office: Office, content: bytes) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    page = f"/visits/{visit.id}/findings"
    answer = office.client_as("inspector").post(
        page, data=finding(one.id, photo=[(photo(), "a.jpg"), (BytesIO(content), "b.jpg")])
    )
    assert answer.status_code == 422 and "第 2 张照片" in answer.get_data(as_text=True)
    assert count(office) == 0


def test_no_more_photos_than_allowed(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    sent = finding(one.id, photo=[(photo(), f"{number}.jpg") for number in range(10)])
    answer = office.client_as("inspector").post(f"/visits/{visit.id}/findings", data=sent)
    assert (answer.status_code, count(office)) == (422, 0)
