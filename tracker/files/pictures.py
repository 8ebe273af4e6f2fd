"""Images: decoded within limits, and written small without anything but their pixels. Runs in the
child.

Pillow is told which formats it may try, so that no decoder but two ever sees a byte.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.Image import Transpose

from tracker.files.bounds import Bounds, Refused, not_a, torn

SMALL, LARGE = 320, 1600
"""The longer side, in pixels, of the two previews."""
_FORMATS = {"png": ("PNG",), "jpg": ("JPEG", "MPO"), "jpeg": ("JPEG", "MPO")}
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)

Image.MAX_IMAGE_PIXELS = None  # we count them ourselves, before anything is decoded


def previews(path: Path, ending: str, bounds: Bounds) -> tuple[bytes, bytes]:
    """A small and a large JPEG of the image, turned upright, without metadata. Raises Refused."""
    with path.open("rb") as file:
        if not file.read(16).startswith(_BEGINNINGS[ending]):
            raise not_a(ending)
    try:
        with Image.open(path, formats=_FORMATS[ending]) as image:
            _check_size(image, bounds)
            large = _plain(_decoded(image))
    except UnidentifiedImageError as error:
        raise torn(ending) from error
    except _BROKEN as error:
        raise torn(ending) from error
    return _jpeg(large, SMALL), _jpeg(large, LARGE)


def _check_size(image: Image.Image, bounds: Bounds) -> None:
    width, height = image.size
    if width * height > bounds.pixels:
        most = bounds.pixels // 10_000
        raise Refused(
            "too_many_pixels", f"是 {width}×{height} 的图片，超过 {most} 万像素。请缩小后再上传"
        )


def _decoded(image: Image.Image) -> Image.Image:
    """All of it, in as few pixels as the format lets one decode that still fill the large view."""
    turn = image.getexif().get(0x0112, 1) if image.format != "PNG" else 1
    image.draft("RGB", (LARGE, LARGE))
    image.load()
    image.thumbnail((LARGE, LARGE))
    small = image.copy()
    small.getexif().clear()
    return _upright(small, int(turn) if isinstance(turn, int) else 1)


def _upright(image: Image.Image, turn: int) -> Image.Image:
    """As the camera was held: the eight turns of EXIF."""
    steps: dict[int, tuple[Transpose, ...]] = {
        2: (Transpose.FLIP_LEFT_RIGHT,),
        3: (Transpose.ROTATE_180,),
        4: (Transpose.FLIP_TOP_BOTTOM,),
        5: (Transpose.TRANSPOSE,),
        6: (Transpose.ROTATE_270,),
        7: (Transpose.TRANSVERSE,),
        8: (Transpose.ROTATE_90,),
    }
    for step in steps.get(turn, ()):
        image = image.transpose(step)
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Three colours on white, nothing else: a new image that shares no metadata."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = ImageOps.autocontrast(image.point(lambda value: value / 256).convert("L"))
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _jpeg(image: Image.Image, side: int) -> bytes:
    shown = image.copy()
    shown.thumbnail((side, side))
    target = BytesIO()
    shown.save(target, "JPEG", quality=80, optimize=True)
    return target.getvalue()
