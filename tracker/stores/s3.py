"""Files in a bucket of an S3-compatible server (boto3, the extra `s3`).

Every object lies under a prefix of ours, and only names of our own form are listed: what else is in
the bucket is never touched.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

from tracker.errors import SettingsError
from tracker.stores.store import Kept, Unreachable

CHUNK = 1024 * 1024
KEY = re.compile("[0-9a-f]{32}")
TRIES = 2
_GONE = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True)
class Address:
    """Where the bucket is and who we are there; `secret` is never shown."""

    endpoint: str
    bucket: str
    prefix: str
    region: str
    key: str
    secret: str
    seconds: float

    def __repr__(self) -> str:
        return f"Address({self.bucket!r})"


class S3:
    """A bucket as a Store. Without boto3 raises SettingsError when it is made."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client = _client(address)

    def put(self, key: str, source: IO[bytes]) -> None:
        """As Store.put: the bytes are gathered on this machine's disk first, since an upload is
        signed with its length; an object appears whole or not at all."""
        with TemporaryFile() as aside:
            copyfileobj(source, aside, CHUNK)
            size = aside.tell()
            aside.seek(0)
            with _told():
                self._client.put_object(**self._named(key), Body=aside, ContentLength=size)

    def open(self, key: str) -> IO[bytes]:
        """As Store.open: a copy on this machine's disk, gone when it is closed."""
        copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with _told():
                body = self._client.get_object(**self._named(key))["Body"]
                copyfileobj(body, copy, CHUNK)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return copy

    def delete(self, key: str) -> None:
        """As Store.delete."""
        with _told():
            self._client.delete_object(**self._named(key))

    def list(self) -> Iterator[Kept]:
        """As Store.list."""
        prefix = self._address.prefix
        pages = self._client.get_paginator("list_objects_v2")
        with _told():
            for page in pages.paginate(Bucket=self._address.bucket, Prefix=prefix):
                for one in page.get("Contents", ()):
                    name = str(one["Key"]).removeprefix(prefix)
                    if KEY.fullmatch(name):
                        yield Kept(name, one["LastModified"])

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._address.bucket, "Key": self._address.prefix + key}


@contextmanager
def _told() -> Iterator[None]:
    """The library's errors in the words of Store; its own words may quote a request's headers, so
    they are not passed on."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "?"))
        if code in _GONE:
            raise FileNotFoundError(code) from None
        raise Unreachable(code) from None
    except (BotoCoreError, Boto3Error, HTTPClientError, HTTPError) as error:
        raise Unreachable(type(error).__name__) from None


@cache
def _client(address: Address) -> Any:
    """One client for each address: they may be used by many threads, and take long to make."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise SettingsError(
            "设置了 TRACKER_S3_BUCKET，但没有安装 boto3。请运行 pip install '.[s3]'。"
        ) from error
    for name in ("boto3", "botocore", "s3transfer", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below that they tell of headers
    return boto3.session.Session().client(
        "s3",
        endpoint_url=address.endpoint or None,
        region_name=address.region,
        aws_access_key_id=address.key or None,
        aws_secret_access_key=address.secret or None,
        config=Config(
            connect_timeout=address.seconds,
            read_timeout=address.seconds,
            retries={"total_max_attempts": TRIES},
            s3={"addressing_style": "path" if address.endpoint else "auto"},
            # checksums in trailers are an extension that many compatible servers refuse
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
