"""The container: names, sizes, directories and ends that lie."""

from __future__ import annotations

import struct
import zipfile

from tests.importers import build

from .case import reads, refused, tasks
from .raw import TASK, added, directory_at, good, lying_size, members, patched, with_part

SHEET = "xl/worksheets/sheet1.xml"


@reads(tasks(TASK))
def the_plain_one() -> bytes:
    """The benign twin of all the others."""
    return good()


@refused("damaged_zip")
def cut_in_the_directory() -> bytes:
    return good()[:-40]


@refused("damaged_zip")
def cut_in_the_middle() -> bytes:
    data = good()
    return data[: len(data) // 2]


@refused("damaged_zip")
def only_the_first_bytes() -> bytes:
    return b"PK\x03\x04"


@refused("damaged_zip", "not_a_workbook")
def an_empty_zip() -> bytes:
    return build.zipped({})


@refused("damaged_zip")
def the_directory_says_less_than_there_is() -> bytes:
    """A sheet of 40 MB that the directory calls 1,000 bytes."""
    data = build.raw(f"<sheetData>{' ' * 40_000_000}</sheetData>")
    return lying_size(data, SHEET, 1000)


@refused("unpacked_too_big")
def the_directory_says_more_than_there_is() -> bytes:
    return lying_size(good(), SHEET, 2_000_000_000)


@refused("unpacked_too_big")
def a_sheet_of_spaces() -> bytes:
    """101 MB of nothing in a zip of half a megabyte."""
    return build.raw(f"<sheetData>{' ' * 101 * 1024 * 1024}</sheetData>")


@refused("unpacked_too_big")
def many_small_ones_that_add_up() -> bytes:
    return build.raw(build.GOOD, extra={f"x/{n}": b" " * 2**21 for n in range(51)})


@refused("too_many_members")
def sixty_five_thousand_members() -> bytes:
    """65,000 entries of the directory for one member of a few bytes."""
    data = build.zipped({"00000": "x"})
    at, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry = data[at:end]
    entries = b"".join(entry.replace(b"00000", b"%05d" % n) for n in range(65_000))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65_000, 65_000, len(entries), at, 0)
    return data[:at] + entries + tail


@refused("damaged_zip")
def a_wrong_checksum() -> bytes:
    data = good()
    return patched(data, directory_at(data, SHEET) + 16, 0x12345678)


@refused("damaged_zip")
def a_member_beyond_the_end() -> bytes:
    data = good()
    return patched(data, directory_at(data, SHEET) + 42, 0x7FFFFFF0)


@refused("damaged_zip")
def two_names_for_the_same_bytes() -> bytes:
    """The directory calls a member otherwise than its own head does."""
    data = good()
    at = directory_at(data, SHEET) + 46
    return data[:at] + b"xl/worksheets/sheet9.xml" + data[at + len(SHEET) :]


@refused("damaged_zip")
def an_unknown_compression() -> bytes:
    data = good()
    return patched(data, directory_at(data, SHEET) + 10, 98, form="<H")


@refused("password_protected")
def an_encrypted_member() -> bytes:
    data = good()
    return patched(data, directory_at(data, SHEET) + 8, 1, form="<H")


@refused("unsafe_member")
def a_name_that_climbs() -> bytes:
    return with_part("../../etc/cron.d/job", "x")


@refused("unsafe_member")
def a_name_that_climbs_backwards() -> bytes:
    return with_part("xl\\..\\..\\startup\\a.bat", "x")


@refused("unsafe_member")
def a_name_from_the_root() -> bytes:
    return with_part("/etc/passwd", "x")


@refused("unsafe_member")
def a_name_with_a_drive() -> bytes:
    return with_part("C:\\windows\\a.xml", "x")


@refused("unsafe_member")
def a_name_with_a_nul() -> bytes:
    """Python cuts the name at the NUL; the entry as written is looked at."""
    data = with_part("docProps/appXxml", "<a/>")
    return data.replace(b"docProps/appXxml", b"docProps/app\0xml")


@refused("unsafe_member")
def a_link() -> bytes:
    info = zipfile.ZipInfo("xl/link.xml")
    info.external_attr = 0o120777 << 16
    return added(good(), info, "/etc/passwd")


@refused("duplicate_members")
def a_part_twice() -> bytes:
    return added(good(), "xl/workbook.xml", "<workbook/>")


@refused("duplicate_members")
def a_part_twice_in_capitals() -> bytes:
    return added(good(), "XL/Workbook.XML", "<workbook/>")


@refused("not_a_workbook", "no_table", "bad_encoding", "bad_csv")
def bytes_before_the_zip() -> bytes:
    return b"#!/bin/sh\n" + good()


@reads(tasks(TASK))
def bytes_after_the_zip() -> bytes:
    """What stands behind the end is no part of the zip, and is not looked at."""
    return good() + b"\0" * 1000


@refused("damaged_zip", "not_a_workbook", "duplicate_members")
def two_ends() -> bytes:
    """A second end record that knows of no members: which one counts?"""
    return good() + b"PK\x05\x06" + b"\0" * 18


@refused("not_a_workbook", "damaged_zip")
def an_end_in_the_comment() -> bytes:
    """The comment holds an end record that knows of no members; which one counts?"""
    data = good()
    comment = b"PK\x05\x06" + b"\0" * 17 + b"!"
    return data[:-2] + struct.pack("<H", len(comment)) + comment


@refused("damaged_zip", "unpacked_too_big")
def sixty_four_bit_lies() -> bytes:
    """Sizes that only the 64-bit field knows, and it says 16 EB."""
    data = good()
    at = directory_at(data, SHEET)
    data = patched(data, at + 20, 0xFFFFFFFF, 0xFFFFFFFF, form="<II")
    length = struct.unpack_from("<H", data, at + 28)[0]
    extra = struct.pack("<HHQQ", 1, 16, 2**63, 2**63)
    end = at + 46 + length
    data = patched(data, at + 30, len(extra), form="<H")
    data = data[:end] + extra + data[end:]
    tail = data.rindex(b"PK\x05\x06")
    return patched(data, tail + 12, struct.unpack_from("<I", data, tail + 12)[0] + len(extra))


@refused("damaged_zip")
def more_members_than_the_end_says() -> bytes:
    data = good()
    return patched(data, data.rindex(b"PK\x05\x06") + 12, 10, form="<I")


@refused("not_a_workbook")
def a_zip_in_a_zip() -> bytes:
    return members(("inner.xlsx", good()), ("42.zip", members(("0.zip", b"x"))))


@reads(tasks(TASK))
def a_zip_bomb_as_a_part() -> bytes:
    """A zip within a workbook is a part like a picture: it is not unpacked."""
    inner = members(("0.bin", bytes(20_000_000)))
    return with_part("xl/embeddings/package.zip", members(("1.zip", inner), ("2.zip", inner)))


@refused("not_a_workbook")
def a_zip_of_texts() -> bytes:
    return members(("readme.txt", b"x"), ("plan.csv", b"a,b"))


@refused("not_a_workbook")
def slides() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return members(
        ("[Content_Types].xml", f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>'.encode()),
        ("_rels/.rels", b'<Relationships><Relationship Id="r" Type="x/officeDocument" Target="ppt/presentation.xml"/></Relationships>'),
        ("ppt/presentation.xml", b"<p/>"),
    )  # fmt: skip


@refused("not_a_workbook")
def a_java_archive() -> bytes:
    return members(
        ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0"), ("A.class", b"\xca\xfe\xba\xbe")
    )


@refused("macros")
def macros() -> bytes:
    return with_part("xl/vbaProject.bin", b"\xcc\x61")


@refused("macros")
def macros_under_another_name() -> bytes:
    return with_part("custom/VBAPROJECT.BIN", b"\xcc\x61")


@refused("macros", filename="来文.xltm")
def a_template_with_macros() -> bytes:
    kind = "application/vnd.ms-excel.template.macroEnabled.main+xml"
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    return with_part("[Content_Types].xml", types)


@refused("file_too_big")
def twenty_megabytes_and_one() -> bytes:
    return good() + bytes(20 * 1024 * 1024)


@refused("empty_file")
def nothing_but_zeros() -> bytes:
    """As a sparse file reads: a thousand times nothing."""
    return bytes(1_000_000)


@refused("empty_file")
def nothing() -> bytes:
    return b""
