"""One good file of every kind, and what hostile hands make of them; all built here."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache, partial
from io import BytesIO
from typing import Any

import xlwt
from openpyxl import Workbook
from PIL import Image

from tests.importers.ole_file import container
from tests.importers.word import docx as word
from tests.importers.word import p
from tracker.demo.files import page, picture

CANARY_GPS = b"CANARY-GPS-31.2304N"


def zipped(members: Mapping[str, bytes], packed: bool = True) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if packed else 0) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def rezipped(content: bytes, more: Mapping[str, bytes], without: str = "") -> bytes:
    """The same package with parts added, replaced, or left out."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != without}
    return zipped(parts | dict(more))


def xlsx() -> bytes:
    book, target = Workbook(), BytesIO()
    book.active["A1"] = "巡查台账"  # type: ignore[index]
    book.save(target)
    return target.getvalue()


def docx() -> bytes:
    return word(p("巡查纪要"))


def xls() -> bytes:
    book, target = xlwt.Workbook(), BytesIO()
    book.add_sheet("台账").write(0, 0, "巡查")
    book.save(target)
    return target.getvalue()


def doc() -> bytes:
    return container({"WordDocument": b"\xec\xa5" + bytes(4000), "1Table": bytes(10)})


def ofd(document: str = "Doc_0/Document.xml") -> bytes:
    root = f'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>{document}</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    return zipped({"OFD.xml": root.encode(), "Doc_0/Document.xml": b"<ofd:Document/>"})


def jpg(width: int = 640, height: int = 480, turn: int = 1) -> bytes:
    """A photo with a red left half, a position in its metadata, and the camera held so."""
    image, target = Image.new("RGB", (width, height), "white"), BytesIO()
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010E] = CANARY_GPS.decode()
    exif.get_ifd(0x8825)[29] = CANARY_GPS.decode()
    image.save(target, "JPEG", exif=exif, comment=CANARY_GPS)
    return target.getvalue()


GOOD = {
    "材料.pdf": page("evidence"),
    "照片.png": picture(10, 20, 30, 64, 48),
    "照片.JPG": jpg(),
    "照片.jpeg": jpg(),
    "台账.xlsx": xlsx(),
    "台账.xls": xls(),
    "纪要.docx": docx(),
    "纪要.doc": doc(),
    "公文.ofd": ofd(),
    "全部.zip": zipped({"一/照片.jpg": jpg(), "二.pdf": page("x")}),
}


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few hundred bytes that claim so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


@cache
def bomb(megabytes: int = 20, *, honest: bool = True) -> bytes:
    """One member of zeros; dishonest: the directory says it is small."""
    content = zipped({"空.txt": bytes(megabytes * 1024 * 1024)})
    if honest:
        return content
    size = struct.pack("<I", megabytes * 1024 * 1024)
    return content.replace(size, struct.pack("<I", 10))


def with_name(name: str) -> bytes:
    """A zip whose member has this very name; zipfile itself would mend some."""
    stand_in = "x" * len(name.encode())
    return zipped({stand_in: b"x"}).replace(stand_in.encode(), name.encode())


def locked_zip() -> bytes:
    content = bytearray(zipped({"a.txt": b"x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def link_zip() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


def macro_sheet_xls() -> bytes:
    """The sheet's record says it is one of Excel 4's macros."""
    content = bytearray(xls())
    at = content.index(struct.pack("<H", 0x85), 512)
    while content[at + 4 + 6] != len("台账"):
        at = content.index(struct.pack("<H", 0x85), at + 1)
    content[at + 9] = 1
    return bytes(content)


def types_of(content: bytes, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml")
    assert old in types
    return rezipped(content, {"[Content_Types].xml": types.replace(old, new)})


HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(100)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100)
REMOTE = (
    b'<Relationships><Relationship Id="r" Type="x/attachedTemplate" '
    b'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)


class Made(dict[str, tuple[str, Any, str]]):
    """Files by what is wrong with them: name, content, what is said. What takes long to make is a
    function and made when it is asked for, not when the module is imported."""

    def __getitem__(self, what: str) -> tuple[str, bytes, str]:
        name, content, said = super().__getitem__(what)
        return name, content() if callable(content) else content, said


BAD = Made({
    "a web page": ("a.html", b"<script>alert(1)</script>", "的类型不能上传。可以上传：pdf、png"),
    "no ending": ("材料", page("x"), "的类型不能上传"),
    "a program": ("a.exe", b"MZ", "的类型不能上传"),
    "an empty file": ("a.pdf", b"", "是空文件"),
    "heic": ("a.heic", HEIC, "HEIC 照片，许多电脑打不开"),
    "heic under another name": ("a.jpg", HEIC, "的内容是苹果手机的 HEIC 照片"),
    "webp": ("a.webp", WEBP, "是WebP 图片"),
    "webp under another name": ("a.png", WEBP, "的内容是WebP 图片"),
    "rar": ("a.rar", b"Rar!\x1a\x07", "是压缩包，但不是 zip"),
    "video": ("a.mp4", b"\x00\x00\x00\x18ftypmp42", "是视频"),
    "slides": ("a.pptx", zipped({"a": b"b"}), "是演示文稿"),
    "wps": ("a.wps", b"x", "是WPS 文档"),
    "a document with macros by name": ("a.docm", docx(), "是带宏的文档"),
    "a picture as pdf": ("a.pdf", picture(1, 2, 3, 4, 4), "的内容不是 pdf 文件"),
    "a pdf cut short": ("a.pdf", page("x")[:-60], "不完整或已损坏，不能作为 pdf 打开"),
    "a pdf of junk": ("a.pdf", b"%PDF-1.4\n" + b"x" * 2000, "不完整或已损坏"),
    "a pdf whose trailer points nowhere": ("a.pdf", page("x").replace(b"startxref\n", b"startxref\n9"), "不完整或已损坏"),
    "svg as png": ("a.png", b"<svg onload=alert(1)>", "的内容不是 png 文件"),
    "a png cut short": ("a.png", picture(1, 2, 3)[:200], "不完整或已损坏，不能作为 png 打开"),
    "only the beginning of a png": ("a.png", b"\x89PNG\r\n\x1a\n<html>", "不完整或已损坏"),
    "a jpg cut short": ("a.jpg", jpg()[:2000], "不完整或已损坏，不能作为 jpg 打开"),
    "a png named jpg": ("a.jpg", picture(1, 2, 3, 4, 4), "的内容不是 jpg 文件"),
    "too many pixels": ("a.png", huge_png(), "是 30000×30000 的图片，超过 10000 万像素"),
    "a zip named docx": ("a.docx", zipped({"a.txt": b"x"}), "的内容不是 docx 文件"),
    "a workbook named docx": ("a.docx", xlsx(), "的内容不是 docx 文件"),
    "a docx named xlsx": ("a.xlsx", docx(), "的内容不是 xlsx 文件"),
    "a docx without its main part": ("a.docx", rezipped(docx(), {}, "word/document.xml"), "的内容不是 docx 文件"),
    "a docx without its types": ("a.docx", rezipped(docx(), {}, "[Content_Types].xml"), "的内容不是 docx 文件"),
    "a docx with macros": ("a.docx", rezipped(docx(), {"word/vbaProject.bin": b"x"}), "带有宏，不能上传"),
    "an xlsx that says macros": (
        "a.xlsx",
        types_of(xlsx(), b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.main+xml;macroEnabled"),
        "带有宏",
    ),
    "an xlsx with a macro sheet": ("a.xlsx", rezipped(xlsx(), {"xl/macrosheets/sheet1.xml": b"x"}), "带有宏"),
    "a docx with a template from the net": ("a.docx", rezipped(docx(), {"word/_rels/settings.xml.rels": REMOTE}), "引用了网络上的模板"),
    "a docx cut short": ("a.docx", docx()[:300], "不完整或已损坏"),
    "a docx that is a bomb": ("a.docx", rezipped(docx(), {"word/media/a.bmp": bytes(20 * 1024 * 1024)}), "压缩得异常"),
    "an ofd without its root": ("a.ofd", zipped({"Doc_0/Document.xml": b"x"}), "的内容不是 ofd 文件"),
    "an ofd that is none": ("a.ofd", zipped({"OFD.xml": b"<html/>"}), "的内容不是 ofd 文件"),
    "an ofd without its document": ("a.ofd", ofd("Doc_1/Document.xml"), "不完整或已损坏，不能作为 ofd 打开"),
    "text named doc": ("a.doc", b"{\\rtf1 hello}", "的内容不是 doc 文件"),
    "a workbook named doc": ("a.doc", xls(), "的内容不是 doc 文件"),
    "a doc named xls": ("a.xls", doc(), "的内容不是 xls 文件"),
    "a doc with macros": ("a.doc", container({"WordDocument": bytes(10)}, ("Macros", "VBA")), "带有宏"),
    "an xls with a macro sheet": ("a.xls", macro_sheet_xls(), "带有宏"),
    "a locked document": ("a.xls", container({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "设有打开密码"),
    "a torn container": ("a.xls", xls()[:600], "不完整或已损坏"),
    "a zip cut short": ("a.zip", GOOD["全部.zip"][:-30], "不完整或已损坏，不能作为 zip 打开"),
    "an empty zip": ("a.zip", zipped({}), "是空的压缩包"),
    "a zip with an absolute name": ("a.zip", with_name("/etc/cron.d/x"), "里有越界的路径"),
    "a zip with a drive": ("a.zip", with_name("C:/x.txt"), "里有越界的路径"),
    "a zip that climbs": ("a.zip", with_name("../../x.txt"), "里有越界的路径"),
    "a zip that climbs by backslash": ("a.zip", with_name("..\\..\\x.txt"), "里有越界的路径"),
    "a zip with a link": ("a.zip", link_zip(), "里有越界的路径"),
    "a locked zip": ("a.zip", locked_zip(), "设有打开密码"),
    "a zip with names twice": ("a.zip", zipped({"a.txt": b"1", "A.TXT": b"2"}), "里有重名的文件"),
    "a zip with too many": ("a.zip", zipped({f"{n}.txt": b"" for n in range(2001)}), "里有 2001 个文件，最多 2000 个"),
    "a bomb": ("a.zip", bomb, "压缩得异常"),
    "a large bomb": ("a.zip", partial(bomb, 501), "解压后超过 500 MB"),
    "a bomb that lies": ("a.zip", partial(bomb, honest=False), "不完整或已损坏"),
    "a zip in a zip": ("a.zip", zipped({"里/更多.zip": zipped({"a": b"b"})}), "里还有压缩包“更多.zip”"),
    "a program in a zip": ("a.zip", zipped({"安装.exe": b"MZ"}), "里有程序或带宏的文档“安装.exe”"),
})  # fmt: skip
