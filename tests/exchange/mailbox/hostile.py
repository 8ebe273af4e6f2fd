"""Mails nobody should have sent, made by script: each a function's bytes, named by what is wrong."""

import base64
from collections.abc import Callable, Iterator

from tests.exchange.mailbox.replies import reply

Mail = Callable[[bytes], bytes]
"""A workbook → a mail with something wrong in it."""
CASES: dict[str, Mail] = {}
TAKEN = set[str]()
"""Cases that are odd, but whose workbook is to be had."""
EDU = b"From: edu@qinghe.test\r\nMessage-ID: <hostile@qinghe.test>\r\n"


def case(taken: bool = False) -> Callable[[Mail], Mail]:
    def known(make: Mail) -> Mail:
        CASES[make.__name__] = make
        if taken:
            TAKEN.add(make.__name__)
        return make

    return known


def attached(book: bytes, disposition: bytes = b'attachment; filename="a.xlsx"') -> bytes:
    """A part with the workbook."""
    body = base64.encodebytes(book).replace(b"\n", b"\r\n")
    kind = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    return kind + b"Content-Disposition: " + disposition + b"\r\n\r\n" + body


def mixed(*parts: bytes, heads: bytes = EDU, boundary: bytes = b"b0") -> bytes:
    """A multipart/mixed of these parts."""
    head = heads + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n"
    inside = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head + inside + b"--" + boundary + b"--\r\n"


def nested(levels: int, inner: bytes) -> bytes:
    """Multiparts within multiparts."""
    for level in range(levels):
        inner = mixed(inner, heads=b"", boundary=b"n%d" % level)
    return EDU + inner


@case()
def nothing(_book: bytes) -> bytes:
    return b""


@case()
def only_line_ends(_book: bytes) -> bytes:
    return b"\r\n" * 500


@case()
def no_headers(book: bytes) -> bytes:
    return book


@case()
def binary_noise(book: bytes) -> bytes:
    return bytes(range(256)) * 200


@case()
def nul_bytes_in_headers(book: bytes) -> bytes:
    return b"From: edu@qinghe.test\0\r\nSubject: a\0b\r\n\r\n\0"


@case()
def five_hundred_levels(book: bytes) -> bytes:
    return nested(500, attached(book))


@case()
def five_thousand_levels_unclosed(book: bytes) -> bytes:
    forks = b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n)
        for n in range(5000)
    )
    return EDU + forks


@case()
def mails_in_mails(book: bytes) -> bytes:
    return EDU + b"Content-Type: message/rfc822\r\n\r\n" * 3000


@case()
def digests_in_digests(book: bytes) -> bytes:
    inner = b"x"
    for n in range(100):
        inner = (
            b"Content-Type: multipart/digest; boundary=d%d\r\n\r\n--d%d\r\n\r\n%s\r\n--d%d--\r\n"
            % (n, n, inner, n)
        )
    return EDU + inner


@case(taken=True)
def twenty_levels(book: bytes) -> bytes:
    return nested(20, attached(book))


@case()
def ten_thousand_parts(book: bytes) -> bytes:
    return mixed(*[b"\r\nx"] * 10_000)


@case()
def a_header_of_four_megabytes(book: bytes) -> bytes:
    return EDU + b"Subject: " + b"a " * 2_000_000 + b"\r\n\r\nx"


@case()
def a_content_type_of_a_million_parameters(book: bytes) -> bytes:
    return EDU + b"Content-Type: text/plain" + b";a=b" * 1_000_000 + b"\r\n\r\nx"


@case()
def ten_thousand_parts_of_many_parameters(book: bytes) -> bytes:
    return mixed(*[b"Content-Type: text/plain" + b";a=b" * 500 + b"\r\n\r\nx"] * 10_000)


@case()
def a_from_of_brackets(book: bytes) -> bytes:
    return b"From: " + b"(" * 200_000 + b"\r\n\r\nx"


@case()
def two_hundred_thousand_headers(book: bytes) -> bytes:
    return EDU + b"X-A: b\r\n" * 200_000 + b"\r\nx"


@case()
def received_without_end(book: bytes) -> bytes:
    return EDU + b"Received: from a\r\n\tby b\r\n" * 50_000


@case()
def two_froms(book: bytes) -> bytes:
    return b"From: someone@qinghe.test\r\n" + mixed(attached(book))


@case()
def two_addresses_in_from(book: bytes) -> bytes:
    return mixed(attached(book), heads=b"From: x@evil.test, <edu@qinghe.test>\r\n")


@case()
def an_address_in_the_name_only(book: bytes) -> bytes:
    return mixed(attached(book), heads=b'From: "edu@qinghe.test" <x@evil.test>\r\n')


@case()
def an_address_in_a_comment(book: bytes) -> bytes:
    return mixed(attached(book), heads=b"From: (edu@qinghe.test) x@evil.test\r\n")


@case()
def a_from_with_a_line_in_it(book: bytes) -> bytes:
    return mixed(attached(book), heads=b"From: x@evil.test\r\n <edu@qinghe.test> <x@evil.test>\r\n")


@case()
def an_encoded_address(book: bytes) -> bytes:
    word = base64.b64encode(b"edu@qinghe.test")
    return mixed(attached(book), heads=b"From: =?utf-8?b?" + word + b"?=\r\n")


@case()
def a_letter_that_looks_alike(book: bytes) -> bytes:
    return mixed(attached(book), heads="From: еdu@qinghe.test\r\n".encode())


@case()
def no_from(book: bytes) -> bytes:
    return mixed(attached(book), heads=b"Subject: a\r\n")


@case()
def an_encrypted_mail(book: bytes) -> bytes:
    kind = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
    return (
        EDU
        + kind
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"0\x80" * 99)
    )


@case()
def winmail(book: bytes) -> bytes:
    part = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22" + bytes(
        200
    )
    return mixed(b"\r\nhello", part)


@case(taken=True)
def a_signed_mail(book: bytes) -> bytes:
    kind = b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\r\n\r\n'
    inner = mixed(attached(book), heads=b"")
    signature = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nMIIB"
    return EDU + kind + b"--s\r\n" + inner + b"\r\n--s\r\n" + signature + b"\r\n--s--\r\n"


@case(taken=True)
def a_name_in_bare_gb18030(book: bytes) -> bytes:
    name = "填好的台账.xlsx".encode("gb18030")
    return mixed(attached(book, b'attachment; filename="' + name + b'"'))


@case(taken=True)
def a_name_in_bare_utf_8(book: bytes) -> bytes:
    return mixed(attached(book, b'attachment; filename="' + "填好的台账.xlsx".encode() + b'"'))


@case(taken=True)
def a_name_as_an_encoded_word_in_gb18030(book: bytes) -> bytes:
    word = b"=?gb18030?B?" + base64.b64encode("填好的台账.xlsx".encode("gb18030")) + b"?="
    return mixed(attached(book, b'attachment; filename="' + word + b'"'))


@case(taken=True)
def a_name_by_rfc_2231_in_pieces(book: bytes) -> bytes:
    quoted = b"".join(b"%%%02X" % letter for letter in "填好的台账".encode())
    said = (
        b"attachment; filename*0*=UTF-8''"
        + quoted[:30]
        + b"; filename*1*="
        + quoted[30:]
        + b".xlsx"
    )
    return mixed(attached(book, said))


@case(taken=True)
def a_name_in_a_charset_nobody_knows(book: bytes) -> bytes:
    return mixed(attached(book, b"attachment; filename*=x-no-such''%D3%EF.xlsx"))


@case(taken=True)
def a_name_that_climbs(book: bytes) -> bytes:
    return mixed(attached(book, b'attachment; filename="../../../etc/passwd\0.xlsx"'))


@case(taken=True)
def a_subject_in_a_charset_nobody_knows(book: bytes) -> bytes:
    return mixed(attached(book), heads=EDU + b"Subject: =?x-no-such?B?1tDO?= =?gb2312?Q?=D6?=\r\n")


@case(taken=True)
def a_charset_of_the_text_nobody_knows(book: bytes) -> bytes:
    return mixed(b"Content-Type: text/plain; charset=x-no-such\r\n\r\nx", attached(book))


@case(taken=True)
def an_html_mail_with_the_workbook_inside(book: bytes) -> bytes:
    return mixed(b"Content-Type: text/html\r\n\r\n<p>x", attached(book, b"inline"))


@case()
def broken_base64(book: bytes) -> bytes:
    return mixed(attached(b"").rstrip() + b"\r\n\r\nUEsDBB=Q=A$$$" * 3)


@case()
def a_workbook_cut_off(book: bytes) -> bytes:
    return mixed(attached(book[: len(book) // 2]))


@case()
def an_encoding_nobody_knows(book: bytes) -> bytes:
    return mixed(
        b"Content-Type: application/zip\r\nContent-Transfer-Encoding: x-uue7\r\n\r\n" + book
    )


@case()
def uuencode_without_end(book: bytes) -> bytes:
    head = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    return mixed(head + b"begin 644 a.xlsx\r\n" + b"M" + b"!" * 200)


@case(taken=True)
def a_boundary_that_is_never_closed(book: bytes) -> bytes:
    return mixed(attached(book))[: -len(b"--b0--\r\n")]


@case()
def a_boundary_that_is_not_there(book: bytes) -> bytes:
    return EDU + b"Content-Type: multipart/mixed\r\n\r\n" + attached(book)


@case()
def a_bounce(book: bytes) -> bytes:
    kind = b"Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
    return (
        EDU
        + kind
        + b"--r\r\n\r\nUndeliverable\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--r--\r\n"
    )


@case()
def a_zip_of_zips_of_nothing(book: bytes) -> bytes:
    import io
    import zipfile

    content = b"x"
    for _level in range(20):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("in.zip", content)
        content = target.getvalue()
    return mixed(attached(content))


@case()
def a_zip_that_unpacks_to_two_gigabytes(book: bytes) -> bytes:
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            with archive.open(f"{number}.xlsx", "w") as member:
                member.write(b"PK\x03\x04")
                for _piece in range(30):
                    member.write(bytes(1024 * 1024))
    return mixed(attached(target.getvalue()))


def all_cases(book: bytes) -> Iterator[tuple[str, bytes]]:
    """Every case with its mail."""
    for name, make in CASES.items():
        yield name, make(book)


def control(book: bytes) -> bytes:
    """A sound mail of the same sender."""
    return reply(book).as_bytes()
