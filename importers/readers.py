"""Which reader has which kind of file, by the names `preflight` gives; each loads on its first use."""

from __future__ import annotations

from collections.abc import Callable

from importers.grid import Grid
from importers.limits import Limits
from importers.preflight import Passed
from importers.sniff import xml_as_utf8
from importers.textfile import declared_encoding, decode


def _docx(passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.document import read_document

    return read_document(data, passed.main, limits)


def _xls(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.binary_book import read_xls

    return read_xls(data, limits)


def _xlsb(passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.xlsb import read_xlsb

    return read_xlsb(data, passed.main, limits)


def _ods(passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.opendocument import read_ods

    return read_ods(data, passed.main, limits)


def _fods(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.opendocument import read_content

    return read_content(xml_as_utf8(data), limits)


def _spreadsheetml(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.spreadsheetml import read_spreadsheetml

    return read_spreadsheetml(xml_as_utf8(data), limits)


def _html(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.markup import read_html

    return read_html(decode(data, declared_encoding(data)), limits)


def _mhtml(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.mime_book import read_mhtml

    return read_mhtml(data, limits)


def _pdf(_passed: Passed, data: bytes, limits: Limits) -> list[Grid]:
    from importers.pdf_tables import read_pdf

    return read_pdf(data, limits)


READERS: dict[str, Callable[[Passed, bytes, Limits], list[Grid]]] = {
    "docx": _docx, "xls": _xls, "xlsb": _xlsb, "ods": _ods, "fods": _fods, "spreadsheetml": _spreadsheetml,
    "html": _html, "mhtml": _mhtml, "pdf": _pdf,
}  # fmt: skip
