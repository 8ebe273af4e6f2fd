"""Killed between the file and its row: no row without its file, and the sweeper takes the rest."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from tests.conftest import Office
from tests.doomed import ended, ended_anew
from tests.evidence.desk import known, part_of, pieces, stored
from tests.evidence.taking import take_in, take_in_alone
from tests.stores.bucket import BUCKET, KEY, SECRET, client, served
from tracker import events, storage
from tracker.settings import Settings
from tracker.storage import is_whole
from tracker.stores.chosen import local, store_of
from tracker.timetable import Ticking, sweep

PLACES = (
    "evidence-held",
    "file-stored",
    "file-stored:2",
    "evidence-kept",
    "evidence-before-commit",
)


def killed_at(
    office: Office, place: str, within: Callable[..., int] = ended, **more: str
) -> int:  # fmt: skip
    """The exit code of a process that takes a photo in and dies at this place."""
    url = office.database.engine.url.render_as_string(hide_password=False)
    who, part = office.actor("edu").user_id, part_of(office).id
    instance = str(office.settings.instance)
    deed = take_in_alone if within is ended else take_in
    return within(deed, url, instance, who, part, TRACKER_FAILPOINT=place, **more)


def swept(office: Office, settings: Settings) -> int:
    ticking = Ticking(office.database, settings)
    return sweep(ticking, datetime.now(UTC) + timedelta(hours=2))


def is_all_there(office: Office, settings: Settings) -> bool:
    """Every row has its file as it came, and the history is whole."""
    with office.database.reading() as session:
        files = session.exec(select(storage.StoredFile)).all()
        assert events.verify(session) == []
        mine = [
            file for file in files if file.name in ("现场.jpg", "现场-小图.jpg", "现场-大图.jpg")
        ]
    assert len(mine) == 3
    return all(is_whole(file, store_of(settings)) for file in mine)


@pytest.mark.parametrize("place", PLACES)
def test_killed_while_a_photo_comes_in_nothing_is_torn(office: Office, place: str) -> None:
    is_not_torn(office, place, ended)


@pytest.mark.only_on("sqlite")
def test_killed_in_an_interpreter_of_its_own(office: Office) -> None:
    is_not_torn(office, "evidence-kept", ended_anew)


def is_not_torn(office: Office, place: str, within: Callable[..., int]) -> None:
    before = stored(office)
    assert killed_at(office, place, within) == -9
    assert pieces(office) == []
    assert known(office) == before  # every row has its file
    assert stored(office) > before  # the control: something was left behind
    left = len(stored(office) - before)
    assert swept(office, office.settings) == left
    assert stored(office) == before


def test_without_a_crash_it_is_there_with_its_previews(office: Office) -> None:
    """The control of all of them."""
    assert killed_at(office, "") == 0
    (piece,) = pieces(office)
    assert piece.small_id and piece.large_id
    assert swept(office, office.settings) == 0
    assert is_all_there(office, office.settings)
    assert stored(office) == known(office)


@pytest.mark.long
def test_killed_over_a_bucket_the_same_holds(office: Office) -> None:
    with served() as address:
        hands = client(address)
        hands.create_bucket(Bucket=BUCKET)
        bucket = {"s3_endpoint": address, "s3_bucket": BUCKET, "s3_key": KEY, "s3_secret": SECRET}
        settings = Settings(instance=office.settings.instance, secret_key="x", **bucket)
        environment = {f"TRACKER_{name.upper()}": value for name, value in bucket.items()}
        rows = known(office)
        for place in ("file-stored", "evidence-kept", "evidence-before-commit"):
            assert killed_at(office, place, **environment) == -9
            left = {kept.key for kept in store_of(settings).list()}
            assert left and not left & known(office)
            assert known(office) == rows
            swept(office, settings)
            assert list(store_of(settings).list()) == []
        assert killed_at(office, "", **environment) == 0
        assert {kept.key for kept in store_of(settings).list()} == known(office) - rows
        assert is_all_there(office, settings)
        assert {one.key for one in local(settings).list()} == rows  # the waiting room is empty
