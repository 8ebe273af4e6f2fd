"""An S3 server of our own, on loopback, in this process: moto's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

KEY, SECRET, BUCKET = "a-key-for-tests", "a-secret-for-tests", "evidence"


@contextmanager
def served() -> Iterator[str]:
    """The server's address; it has no bucket yet: what an earlier one in this process held is gone."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        address = f"http://{host}:{port}"
        urlopen(Request(f"{address}/moto-api/reset", method="POST")).close()
        yield address
    finally:
        server.stop()


def client(address: str) -> Any:
    """Somebody else's hands at the same bucket."""
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )  # fmt: skip
