"""明查: points up to the row's, with a reason; one of two reviewers wins; departments award their own
in a self-assessment."""

from io import BytesIO

import pytest
from sqlmodel import select

from tests.conftest import Office
from tests.evidence.desk import pdf
from tests.scoring.play import CLINIC, COVERT, OPEN, award, award_of, close, item, open_round, seen
from tests.work.acting import newest, post, signed
from tracker.events import Event, verify
from tracker.work.evidence import Evidence


@pytest.mark.parametrize("points", ["-1", "4.01", "1.555", "nan", "1e1", "", "四"])
def test_points_are_from_nothing_to_the_rows_own_in_hundredths(office: Office, points: str) -> None:
    one = item(office, open_round(office), OPEN)
    answer = award(office.client_as("office"), one.id, points)
    assert (answer.status_code, award_of(office, one.id)) == (422, None)


@pytest.mark.parametrize(("points", "kept"), [("0", "0.00"), ("3.75", "3.75"), ("４", "4.00")])
def test_points_are_kept_to_the_hundredth(office: Office, points: str, kept: str) -> None:
    one = item(office, open_round(office), OPEN)
    award(office.client_as("office"), one.id, points)
    given = award_of(office, one.id)
    assert given is not None and str(given.points) == kept


def test_a_deduction_wants_its_reason_and_full_points_do_not(office: Office) -> None:
    one, browser = item(office, open_round(office), OPEN), office.client_as("office")
    assert award(browser, one.id, "3", reason="").status_code == 422
    assert award(browser, one.id, "4", reason="").status_code == 302


def test_a_changed_award_keeps_the_earlier_ones_event(office: Office) -> None:
    one, browser = item(office, open_round(office), OPEN), office.client_as("office")
    award(browser, one.id, "3")
    first = award_of(office, one.id)
    assert first is not None
    award(browser, one.id, "3.5", "补看教案", seen=seen(office, first))
    given = award_of(office, one.id)
    with office.database.reading() as session:
        wanted = select(Event).where(Event.subject == "award", Event.subject_id == one.id)
        events = session.exec(wanted.order_by(Event.id)).all()  # type: ignore[arg-type]
        assert verify(session) == []
    assert [(e.verb, e.data["points"], e.data["was"]) for e in events] == [
        ("award.given", "3", None), ("award.changed", "3.5", "3"),
    ]  # fmt: skip
    assert given is not None and given.event_id == events[1].id


def test_of_two_reviewers_one_wins_and_the_other_is_told(office: Office) -> None:
    """Both opened the item while it had no award; the control is the second try, with it seen."""
    one = item(office, open_round(office), OPEN)
    first, second = office.client_as("office"), office.client_as("admin")
    assert award(first, one.id, "3").status_code == 302
    late = award(second, one.id, "1")
    assert late.status_code == 409 and "刚刚有人打过分" in late.get_data(as_text=True)
    given = award_of(office, one.id)
    assert given is not None and str(given.points) == "3.00"
    assert award(second, one.id, "1", seen=seen(office, given)).status_code == 302


def test_covert_items_are_not_awarded_by_hand(office: Office) -> None:
    one = item(office, open_round(office), COVERT)
    assert award(office.client_as("office"), one.id, "1").status_code == 409


def test_a_closed_round_takes_no_award_until_it_is_opened_again(office: Office) -> None:
    ident = open_round(office)
    one, browser = item(office, ident, OPEN), office.client_as("office")
    close(office, ident)
    assert award(browser, one.id, "4").status_code == 409
    browser.post(f"/rounds/{ident}/reopening")
    assert award(browser, one.id, "4").status_code == 302


def test_in_a_self_assessment_the_lead_awards_its_own_and_nobody_elses(office: Office) -> None:
    ident = open_round(office, "self_assessment", "自评")
    own, other = item(office, ident, OPEN), item(office, ident, CLINIC)
    clerk = office.client_as("edu")
    assert clerk.get(f"/items/{own.id}").status_code == 200
    assert award(clerk, own.id, "3.5").status_code == 302
    assert award(clerk, other.id, "0").status_code == 404
    assert award(office.client_as("office"), own.id, "1").status_code == 403
    assert award(office.client_as("leader"), own.id, "1").status_code == 403


def test_in_other_rounds_departments_award_nothing(office: Office) -> None:
    one = item(office, open_round(office), OPEN)
    assert award(office.client_as("edu"), one.id, "4").status_code == 404
    assert award_of(office, one.id) is None


def test_the_queue_holds_what_waits_and_leads_on(office: Office) -> None:
    ident, browser = open_round(office), office.client_as("office")
    one = item(office, ident, OPEN)
    queue = f"/rounds/{ident}?state=todo"
    assert OPEN[3:] in browser.get(queue).get_data(as_text=True)
    answer = award(browser, one.id, "4")
    assert "/items/" in answer.headers["Location"]
    assert OPEN[3:] not in browser.get(queue).get_data(as_text=True)


def test_two_rounds_of_one_name_are_refused(office: Office) -> None:
    open_round(office)
    plan = office.task(OPEN).plan_id
    form = {"kind": "formal", "name": "正式测评"}
    assert office.client_as("office").post(f"/plans/{plan}/rounds", data=form).status_code == 409


def test_evidence_taken_back_is_not_scored_against(office: Office) -> None:
    """Beside the award stands what is in force: neither what was taken back nor older versions."""
    part = signed(office, "1) 中小学开足健康教育课", "edu")
    clerk, ident = office.client_as("edu"), open_round(office)
    for name in ("timetable.pdf", "lessons.pdf"):
        sent = {"evidence": (BytesIO(pdf(name)[1]), name)}
        assert clerk.post(f"/assignments/{part.id}/evidence", data=sent).status_code == 302
    page = f"/items/{item(office, ident, OPEN).id}"
    assert "lessons.pdf" in office.client_as("office").get(page).get_data(as_text=True), (
        "the control"
    )
    assert post(clerk, f"/evidence/{newest(office, Evidence).id}/withdrawal") == 302
    shown = office.client_as("office").get(page).get_data(as_text=True)
    assert "timetable.pdf" in shown and "lessons.pdf" not in shown
