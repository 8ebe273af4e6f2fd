"""Both stores, so that every promise is asked of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores.bucket import BUCKET, KEY, SECRET, client, served
from tracker.settings import Settings
from tracker.stores.chosen import store_of
from tracker.stores.store import Store


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    """An S3 server's address."""
    with served() as address:
        yield address


@pytest.fixture
def bucket(server: str) -> Iterator[dict[str, str]]:
    """The settings that lead to an empty bucket."""
    hands = client(server)
    hands.create_bucket(Bucket=BUCKET)
    yield {"s3_endpoint": server, "s3_bucket": BUCKET, "s3_key": KEY, "s3_secret": SECRET}
    for one in hands.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        hands.delete_object(Bucket=BUCKET, Key=one["Key"])
    hands.delete_bucket(Bucket=BUCKET)


@pytest.fixture(params=["folder", "bucket"])
def chosen(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for one of the two stores."""
    more = request.getfixturevalue("bucket") if request.param == "bucket" else {}
    return Settings(instance=tmp_path / "instance", secret_key="a key for tests only", **more)


@pytest.fixture
def shelf(chosen: Settings) -> Store:
    """One of the two stores, empty."""
    return store_of(chosen)
