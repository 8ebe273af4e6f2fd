"""A folder and a bucket keep the same promises: whole or not at all, known or swept."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from tests.stores.bucket import BUCKET, SECRET, client
from tracker import clock, storage
from tracker.db import Database
from tracker.errors import FileLost, InputError, NotKept, SettingsError, StoreSilent
from tracker.events import keep
from tracker.settings import Settings, load
from tracker.storage import StoredFile, at_hand, is_whole, opened, write
from tracker.stores import s3
from tracker.stores.chosen import store_of
from tracker.stores.store import Store

HOUR = timedelta(hours=1)


def put(store: Store, content: bytes = b"abc" * 1000, name: str = "材料.pdf") -> StoredFile:
    return write(
        BytesIO(content), store=store, name=name, media_type="application/pdf", limit=10**6,
        at=clock.now(), by=None,
    )  # fmt: skip


def keys(shelf: Store) -> set[str]:
    return {kept.key for kept in shelf.list()}


def test_a_file_comes_back_as_it_was(shelf: Store) -> None:
    file = put(shelf)
    with opened(file, shelf) as content:
        assert content.read() == b"abc" * 1000
    with at_hand(file, shelf) as path:
        assert path.read_bytes() == b"abc" * 1000
    assert keys(shelf) == {file.key}


def test_a_deleted_file_is_lost_and_deleting_it_again_is_nothing(shelf: Store) -> None:
    file = put(shelf)
    shelf.delete(file.key)
    shelf.delete(file.key)
    with pytest.raises(FileLost, match="材料.pdf"):
        opened(file, shelf)


def test_a_changed_file_is_told_and_not_served(shelf: Store) -> None:
    file = put(shelf)
    assert is_whole(file, shelf)
    shelf.put(file.key, BytesIO(b"abd" * 1000))
    assert not is_whole(file, shelf)
    with pytest.raises(FileLost, match="缺失或已损坏"):
        opened(file, shelf)


def test_a_stream_over_the_limit_leaves_nothing(shelf: Store) -> None:
    with pytest.raises(InputError, match="超过"):
        put(shelf, bytes(10**6 + 1))
    assert keys(shelf) == set()
    put(shelf, bytes(10**6))  # the control: the limit itself fits


class Torn(BytesIO):
    """A connection that breaks after the first bytes."""

    def read(self, count: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(10)


def test_an_upload_that_breaks_off_leaves_nothing(shelf: Store) -> None:
    torn: IO[bytes] = Torn(b"x" * 100)
    with pytest.raises(NotKept):
        write(torn, store=shelf, name="a", media_type="", limit=10**6, at=clock.now(), by=None)
    assert keys(shelf) == set()


def test_the_sweeper_takes_what_no_row_knows(shelf: Store, database: Database) -> None:
    known, orphan = put(shelf), put(shelf)
    with database.writing() as session:
        keep(session, known)
    with database.reading() as session:
        assert storage.sweep(session, shelf, before=clock.now() - HOUR) == 0  # all are young
        assert storage.sweep(session, shelf, before=clock.now() + HOUR) == 1
    assert keys(shelf) == {known.key} != {orphan.key}


def test_the_sweeper_leaves_what_others_keep_in_the_bucket(
    bucket: dict[str, str], tmp_path: Path, database: Database
) -> None:
    store, hands = store_of(Settings(instance=tmp_path, **bucket)), client(bucket["s3_endpoint"])
    for name in ("minutes.txt", "tracker/readme.txt", "other/" + "0" * 32):
        hands.put_object(Bucket=BUCKET, Key=name, Body=b"theirs")
    put(store)
    with database.reading() as session:
        assert storage.sweep(session, store, before=clock.now() + HOUR) == 1
    assert len(hands.list_objects_v2(Bucket=BUCKET)["Contents"]) == 3


@pytest.fixture
def nobody(tmp_path: Path) -> Store:
    """A bucket whose server does not answer."""
    return store_of(
        Settings(
            instance=tmp_path, s3_endpoint="http://127.0.0.1:9", s3_bucket="b", s3_key="k",
            s3_secret=SECRET, s3_timeout=1,
        )
    )  # fmt: skip


def test_a_server_that_is_silent_is_told_in_words(
    nobody: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotKept, match=r"没有应答，文件“材料.pdf”没有存下"):
        put(nobody)
    file = StoredFile(
        key="0" * 32, name="a.pdf", sha256="", size=1, media_type="", kept_at=clock.now()
    )
    with pytest.raises(StoreSilent, match="a.pdf"):
        opened(file, nobody)
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert "file-not-kept" in said.out + said.err


def test_a_wrong_key_is_told_as_silence(bucket: dict[str, str], tmp_path: Path) -> None:
    store = store_of(Settings(instance=tmp_path, **{**bucket, "s3_bucket": "no-such-bucket"}))
    with pytest.raises(NotKept):
        put(store)


def test_the_secret_is_in_no_words_of_ours(bucket: dict[str, str], tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, **bucket)
    address = s3.Address("e", "b", "p", "r", "k", SECRET, 1.0)
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {address!r}"
    assert settings.s3_secret.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"s3_key": "k"}, "TRACKER_S3_SECRET"),
        ({"s3_secret": SECRET}, "TRACKER_S3_KEY"),
        ({"s3_endpoint": "http://files.example"}, "TRACKER_S3_BUCKET"),
        ({"s3_endpoint": "files.example", "s3_bucket": "b"}, "TRACKER_S3_ENDPOINT"),
        ({"s3_timeout": 0}, "TRACKER_S3_TIMEOUT"),
    ],
)
def test_settings_of_half_a_bucket_stop_the_start(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as told:
        load(**given)
    assert SECRET not in str(told.value) + repr(told.value.__cause__)
