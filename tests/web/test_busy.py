"""A locked database: the request waits, then says so; nothing half-done, and the next one works."""

import pytest

from tests.conftest import NOON, Office
from tracker import db
from tracker.db import Database
from tracker.web.app import create_app


@pytest.mark.only_on("sqlite")
def test_a_database_that_stays_locked_is_told_and_nothing_is_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    impatient = Database(office.database.url)
    app = create_app(office.settings, impatient)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    browser = Office(app, impatient, office.settings, NOON).client_as("edu")
    part = office.part("2) 全县干部", "edu")
    with office.database.writing() as holder:
        holder.connection()
        answer = browser.post(f"/assignments/{part.id}/receipt")
    assert answer.status_code == 503
    assert "没有写入" in answer.get_data(as_text=True)
    assert browser.post(f"/assignments/{part.id}/receipt").status_code == 302
