"""A newer version replaces, a mistake is taken back; nothing is ever gone."""

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tests.evidence.desk import file_of, part_of, pdf, pieces, send, text
from tests.evidence.test_requirements import require_of
from tracker.events import Event
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.work.evidence import current


def withdraw(office: Office, ident: int | None, login: str = "edu") -> int:
    return office.client_as(login).post(f"/evidence/{ident}/withdrawal").status_code


def verbs(office: Office) -> list[str]:
    with office.database.reading() as session:
        wanted = select(Event.verb).where(Event.subject_id == part_of(office).id)
        return list(session.exec(wanted.order_by(col(Event.id).desc()).limit(3)))


def in_force(office: Office) -> list[str]:
    return [file_of(office, one).name for one in current(pieces(office))]


def test_a_newer_version_takes_the_place_and_the_older_stays(office: Office) -> None:
    send(office, pdf("draft"))
    (old,) = pieces(office)
    assert send(office, pdf("final"), replaces=old.id).status_code == 201
    assert in_force(office) == ["final.pdf"]
    assert verbs(office)[0] == "evidence.replaced"
    browser = office.client_as("office")
    page = text(browser, f"/tasks/{part_of(office).task_id}")
    assert "早先的版本 1 份" in page
    assert "更换佐证材料，新版本“final.pdf”" in page
    assert browser.get(f"/evidence/{old.id}/file").status_code == 200


def test_of_two_newer_versions_the_second_is_told(office: Office) -> None:
    send(office, pdf("draft"))
    (old,) = pieces(office)
    send(office, pdf("final"), replaces=old.id)
    answer = send(office, pdf("other"), replaces=old.id)
    assert answer.status_code == 422
    assert "已经有更新的版本" in answer.json["refused"][0]
    assert in_force(office) == ["final.pdf"]


def test_a_piece_of_another_part_is_not_replaced(office: Office) -> None:
    browser = office.client_as("market")
    part = office.part("校服、教辅收费公示", "market")
    browser.post(f"/assignments/{part.id}/receipt")
    send(office, pdf("theirs"), login="market", part=part)
    (theirs,) = pieces(office, part)
    answer = send(office, pdf("mine"), replaces=theirs.id)
    assert answer.status_code == 404
    assert pieces(office) == []


def test_what_was_taken_back_is_out_of_force_and_stays_in_the_history(office: Office) -> None:
    send(office, pdf("wrong"))
    (piece,) = pieces(office)
    assert withdraw(office, piece.id) == 302
    assert in_force(office) == []
    (piece,) = pieces(office)
    assert piece.withdrawn_at == office.now
    assert piece.withdrawn_by == office.actor("edu").user_id
    page = text(office.client_as("office"), f"/tasks/{part_of(office).task_id}")
    assert "撤回佐证材料“wrong.pdf”" in page
    assert "撤回的 1 份" in page


def test_what_was_taken_back_is_handed_to_the_department_alone(office: Office) -> None:
    send(office, pdf("wrong"))
    (piece,) = pieces(office)
    address = f"/evidence/{piece.id}/file"
    assert office.client_as("office").get(address).status_code == 200  # the control: before
    withdraw(office, piece.id)
    codes = [
        office.client_as(login).get(address).status_code for login in ("edu", "office", "leader")
    ]
    assert codes == [200, 404, 404]
    assert address not in text(office.client_as("office"), f"/tasks/{part_of(office).task_id}")


def test_taking_the_newer_back_puts_the_older_in_force(office: Office) -> None:
    send(office, pdf("draft"))
    (old,) = pieces(office)
    send(office, pdf("final"), replaces=old.id)
    withdraw(office, pieces(office)[1].id)
    assert in_force(office) == ["draft.pdf"]


def test_what_was_taken_back_may_come_again(office: Office) -> None:
    send(office, pdf("one"))
    withdraw(office, pieces(office)[0].id)
    assert send(office, pdf("one")).json["taken"] == ["one.pdf"]
    assert in_force(office) == ["one.pdf"]


def test_twice_is_told_and_others_may_not(office: Office) -> None:
    send(office, pdf("one"))
    (piece,) = pieces(office)
    assert withdraw(office, piece.id, "office") == 403
    assert withdraw(office, piece.id, "health") == 404
    assert [withdraw(office, piece.id), withdraw(office, piece.id)] == [302, 409]


def test_a_lead_does_not_take_its_helpers_back(office: Office) -> None:
    part = office.part("校服、教辅收费公示", "market")
    office.client_as("market").post(f"/assignments/{part.id}/receipt")
    send(office, pdf("theirs"), login="market", part=part)
    (theirs,) = pieces(office, part)
    assert office.client_as("edu").get(f"/evidence/{theirs.id}/file").status_code == 200
    assert withdraw(office, theirs.id, "edu") == 403
    assert pieces(office, part)[0].withdrawn_at is None


@pytest.mark.parametrize("state", [AssignmentState.SUBMITTED, AssignmentState.COMPLETED])
def test_under_review_and_after_nothing_changes(office: Office, state: AssignmentState) -> None:
    send(office, pdf("one"))
    with office.database.writing() as session:
        part = session.get_one(Assignment, part_of(office).id)
        part.move(state, on=office.now.date())
        session.add(part)
    (piece,) = pieces(office)
    assert withdraw(office, piece.id) == 409
    assert send(office, pdf("two"), replaces=piece.id).status_code == 409
    assert in_force(office) == ["one.pdf"]


def test_a_newer_version_is_for_what_the_older_was_for(office: Office) -> None:
    require_of(office, "会议纪要", kinds=["document"])
    send(office, pdf("draft"), requirement=1_000_000)
    assert pieces(office) == []
    with office.database.reading() as session:
        from tracker.work.requirement import in_force as requirements

        (wanted,) = requirements(session, part_of(office).task_id)
    send(office, pdf("draft"), requirement=wanted.id)
    (old,) = pieces(office)
    from tests.files.samples import jpg

    refused = send(office, ("photo.jpg", jpg()), replaces=old.id)
    assert "要的是文档" in refused.json["refused"][0]
    send(office, pdf("final"), replaces=old.id)
    assert [one.requirement_id for one in current(pieces(office))] == [wanted.id]
