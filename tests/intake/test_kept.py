"""A reading comes back from its batch as it was, also from one kept by an earlier version."""

import json
import zlib

from importers import Reading, read
from tests.intake.sheets import DUTIES, workbook
from tracker.intake import kept


def reading() -> Reading:
    return read(
        workbook((*DUTIES, (9, "巡查库区", "财政局", "2026年44月底"))), filename="任务.xlsx"
    )


def test_a_reading_is_kept_whole() -> None:
    before = reading()
    assert kept.unpack(kept.pack(before)).to_json() == before.to_json()


def test_form_3_named_a_deadlines_fields() -> None:
    before = reading()
    plain = json.loads(zlib.decompress(kept.pack(before)))
    plain["form"] = 3
    names = ("text", "kind", "due_on", "proposed", "source", "approximate")
    for table in plain["tables"]:
        said = table["tasks"]
        said["deadlines"] = [dict(zip(names, one, strict=True)) for one in said["deadlines"]]
    old = zlib.compress(json.dumps(plain, ensure_ascii=False).encode())
    assert kept.unpack(old).to_json() == before.to_json()
