"""A sent file is what it says, by content, or is refused with a sentence that names it and says why."""

import os
import signal
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.files.samples import BAD, CANARY_GPS, GOOD, bomb, huge_png, jpg, zipped
from tracker.errors import InputError
from tracker.files import examining
from tracker.files.bounds import Bounds
from tracker.files.examining import Examined, examine
from tracker.files.kinds import GROUP_OF, KINDS, SHOWN, Group, ending_of
from tracker.files.pictures import LARGE, SMALL

BOUNDS = Bounds()


@pytest.fixture
def look(tmp_path: Path):
    def at(name: str, content: bytes, bounds: Bounds = BOUNDS) -> Examined:
        path = tmp_path / "waiting"
        path.write_bytes(content)
        return examine(path, name, bounds)

    return at


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_is_what_it_says_is_taken(look, name: str) -> None:
    found = look(name, GOOD[name])
    assert found.media_type == KINDS[ending_of(name)].media_type
    assert bool(found.small) == (GROUP_OF[found.media_type] == Group.IMAGE)


def test_the_sentence_names_every_kind() -> None:
    assert set(SHOWN.split("、")) == set(KINDS) - {"jpeg"}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_evidence_is_refused_with_its_sentence(look, what: str) -> None:
    name, content, why = BAD[what]
    with pytest.raises(InputError) as told:
        look(name, content)
    assert told.value.message.startswith(f"佐证材料“{name}”")
    assert why in told.value.message
    assert told.value.message.endswith("。")
    assert told.value.message.count("。") <= 3


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=["JPEG"])


def test_previews_are_small_and_carry_nothing_but_pixels(look) -> None:
    sent = jpg(3000, 2000)
    assert CANARY_GPS in sent  # the control: it was there
    found = look("照片.jpg", sent)
    for preview, side in ((found.small, SMALL), (found.large, LARGE)):
        image = opened(preview)
        assert max(image.size) == side
        assert CANARY_GPS not in preview
        assert not dict(image.getexif())
        assert "comment" not in image.info
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    ("turn", "red"), [(1, (0.1, 0.5)), (3, (0.9, 0.5)), (6, (0.5, 0.1)), (8, (0.5, 0.9))]
)
def test_previews_stand_as_the_camera_was_held(look, turn: int, red: tuple[float, float]) -> None:
    image = opened(look("照片.jpg", jpg(400, 200, turn)).large)
    place = int(red[0] * (image.width - 1)), int(red[1] * (image.height - 1))
    pixel = image.getpixel(place)
    assert pixel[0] > 200 and pixel[1] < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_shown(look, mode: str) -> None:
    target = BytesIO()
    ending = "jpg" if mode == "CMYK" else "png"
    Image.new(mode, (50, 40)).save(target, "JPEG" if ending == "jpg" else "PNG")
    assert opened(look(f"a.{ending}", target.getvalue()).small).size == (50, 40)


def test_the_limits_are_the_settings(look) -> None:
    few = replace(BOUNDS, pixels=640 * 480)
    assert look("a.jpg", jpg(640, 480), few).small  # the control: as many as allowed
    with pytest.raises(InputError, match="像素"):
        look("a.jpg", jpg(641, 480), few)
    two = replace(BOUNDS, members=2)
    assert look("a.zip", zipped({"a": b"", "b": b""}), two)
    with pytest.raises(InputError, match="最多 2 个"):
        look("a.zip", zipped({"a": b"", "b": b"", "c": b""}), two)


def test_a_tight_memory_refuses_the_image_and_nothing_else(look) -> None:
    large = BytesIO()
    Image.effect_noise((6000, 6000), 50).convert("RGB").save(large, "PNG", compress_level=1)
    assert look("a.png", large.getvalue()).small  # the control: with room it is decoded
    with pytest.raises(InputError, match="内存或时间"):
        look("a.png", large.getvalue(), replace(BOUNDS, memory=180 * 1024 * 1024))
    assert look("b.png", GOOD["照片.png"]).small


def test_a_slow_file_is_given_up(look) -> None:
    content = zipped({f"{n}.bin": os.urandom(1) * (8 * 1024 * 1024) for n in range(60)})
    loose = replace(BOUNDS, ratio=10**9)
    assert look("a.zip", content, loose)  # the control: with time it is read
    with pytest.raises(InputError, match="内存或时间"):
        look("a.zip", content, replace(loose, seconds=0.05))


def test_a_child_that_dies_is_a_refusal(look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_SERVER", None)
    monkeypatch.setattr(
        examining,
        "CHILD",
        [sys.executable, "-c", f"import os; os.kill(os.getpid(), {signal.SIGABRT:d})"],
    )
    with pytest.raises(InputError, match="异常退出"):
        look("a.pdf", GOOD["材料.pdf"])


def test_a_system_that_cannot_fork_looks_all_the_same(
    look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "_SERVER", None)
    assert look("照片.png", GOOD["照片.png"]).small
    with pytest.raises(InputError, match="压缩得异常"):
        look("a.zip", bomb())
    with pytest.raises(InputError, match="像素"):
        look("a.png", huge_png())
