"""A photo of a finding: only its pixels are kept.

What a camera writes beside them (place, time, device, owner, a thumbnail, comments) would tell a
department who came and when. The picture is turned upright, made no larger than a page needs, and
written anew.
"""

import warnings
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from tracker.errors import InputError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST = 20 * 1024 * 1024
"""Bytes of one photo as sent."""
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2000
QUALITY = 85
MEDIA_TYPE = "image/jpeg"
MOST = 9
"""Photos of one finding."""


def clean(sent: IO[bytes], number: int) -> BytesIO:
    """A JPEG of the picture alone. Raises InputError naming the photo by its number."""
    content = sent.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InputError(f"第 {number} 张照片超过 {LARGEST // 1024 // 1024} MB。", "photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _rewritten(BytesIO(content))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise InputError(
            f"第 {number} 张照片读不出来。请用手机拍成 JPG 或 PNG 再传。", "photo"
        ) from error


def _rewritten(content: BytesIO) -> BytesIO:
    with Image.open(content, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    kept = BytesIO()
    bare.save(kept, "JPEG", quality=QUALITY, optimize=True)
    kept.seek(0)
    return kept
