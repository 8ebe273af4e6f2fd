"""A photo of a finding: only its pixels are kept.

What a camera writes beside them (place, time, device, owner, a thumbnail, comments) would tell a
department who came and when. The picture is turned upright, made no larger than a page needs, and
written anew: by the child that looks at evidence (`tracker.files`), no decoder runs in the server.
"""

from io import BytesIO
from typing import IO

from tracker.errors import InputError
from tracker.files.examining import bounds_of, examine
from tracker.settings import Settings
from tracker.storage import held
from tracker.stores.chosen import local

LARGEST = 20 * 1024 * 1024
"""Bytes of one photo as sent."""
MEDIA_TYPE = "image/jpeg"
MOST = 9
"""Photos of one finding."""
_PNG = b"\x89PNG"


def clean(sent: IO[bytes], number: int, *, settings: Settings) -> BytesIO:
    """A JPEG of the picture alone. Raises InputError naming the photo by its number."""
    name = "photo.png" if sent.read(len(_PNG)) == _PNG else "photo.jpg"
    sent.seek(0)
    try:
        with held(sent, folder=local(settings), name=name, limit=LARGEST) as path:
            return BytesIO(examine(path, name, bounds_of(settings)).large)
    except InputError as error:
        most = LARGEST // 1024 // 1024
        raise InputError(
            f"第 {number} 张照片读不出来，或超过 {most} MB。请用手机拍成 JPG 或 PNG 再传。", "photo"
        ) from error
