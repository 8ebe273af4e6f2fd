"""A mail's bytes → who sent it, what machine made it, and the files in it. Pure; whatever the bytes are,
it answers with what could be read.

Mail is written by anybody: headers are cut before they are parsed, a mail with too many parts is not
taken apart, and nothing is believed of the sender beyond that this address stands there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32

from tracker.addresses import is_address
from tracker.text import clean_file_name, printable

LONGEST_HEADER = 4_000
MOST_FORKS = 60
"""Places where a mail branches; a thread of forwarded mails has some ten."""
MOST_PARTS = 300
_FORK = re.compile(rb"boundary|message/", re.IGNORECASE)
_SENDER = re.compile(r"\s*(?:([^<>]*)<\s*([^<>\s]+)\s*>|([^<>\s]+))\s*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_AUTOMATIC = re.compile(r"\s*(?:自动回复|自动答复|out of office|automatic reply|auto(?:matic)?[- ]?re(?:ply|sponse))",
                        re.IGNORECASE)  # fmt: skip
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})

TOO_MANY_PARTS = "邮件的层次太多，没有拆开。请只附填好的表再发。"
UNREADABLE = "邮件的格式读不懂。请新写一封，附上填好的表再发。"
LOCKED = "邮件加了密或封成了签名包（S/MIME），附件取不出来。请不加密再发。"
TNEF = "附件成了 winmail.dat（Outlook 的专用格式），取不出来。请改用“纯文本”或 HTML 格式再发。"


@dataclass(frozen=True)
class Piece:
    """A file in the mail; `depth` counts the mails it lies in beyond this one."""

    name: str
    content: bytes
    depth: int


@dataclass(frozen=True)
class Letter:
    """`sender` is "" where From is not exactly one address. `automatic` says why the mail is a machine's,
    `trouble` why files in it could not be had; both are "" mostly. `checks` are the values of
    Authentication-Results, the topmost first."""

    sender: str = ""
    message_id: str = ""
    subject: str = ""
    automatic: str = ""
    trouble: str = ""
    pieces: tuple[Piece, ...] = ()
    checks: tuple[str, ...] = ()


class _Short(Compat32):
    """Headers are cut before anything looks into them, and bare bytes in them become the letters they
    are. The library's newer policy knows more, but takes a second for one header of hostile parameters,
    and a mail may have ten thousand of them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """As the library asks: name and value."""
        name, value = super().header_source_parse(sourcelines)
        return name, _readable(value[:LONGEST_HEADER])


_PARSER = BytesParser(policy=_Short())


def read_letter(raw: bytes) -> Letter:
    """What a mail says; never raises."""
    heads = _facts(_parsed(_head(raw)))
    if sum(1 for _fork in _FORK.finditer(raw)) > MOST_FORKS:
        return replace(heads, trouble=TOO_MANY_PARTS)
    mail = _parsed(raw)
    if mail is None:
        return replace(heads, trouble=heads.trouble or UNREADABLE)
    pieces, trouble = _pieces(mail)
    return replace(heads, pieces=tuple(pieces), trouble=trouble)


def _head(raw: bytes) -> bytes:
    """The headers by themselves."""
    ends = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    return raw[: min(ends)] + b"\r\n\r\n" if ends else raw[:LONGEST_HEADER]


def _parsed(raw: bytes) -> Message | None:
    try:
        return _PARSER.parsebytes(raw)
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError):
        return None  # the library raises all of these for mails nobody should have sent


def _facts(mail: Message | None) -> Letter:
    if mail is None:
        return Letter(trouble=UNREADABLE)
    heads = list(mail.raw_items())
    return Letter(
        sender=_sender(_values(heads, "from")),
        message_id=printable(_first(heads, "message-id"))[:500],
        subject=printable(_decoded(_first(heads, "subject")))[:300],
        automatic=_automatic(heads),
        checks=tuple(_values(heads, "authentication-results")),
    )


def _values(heads: list[tuple[str, str]], name: str) -> list[str]:
    return [" ".join(str(value).split()) for key, value in heads if key.lower() == name]


def _first(heads: list[tuple[str, str]], name: str) -> str:
    return next(iter(_values(heads, name)), "")


def _sender(written: list[str]) -> str:
    """The one address of the one From, in small letters; "" for anything that could be read as two."""
    found = _SENDER.fullmatch(written[0]) if len(written) == 1 else None
    if found is None:
        return ""
    name, bracketed, bare = found.groups()
    address = bracketed or bare
    if not is_address(address) or "," in _QUOTED.sub("", name or ""):
        return ""
    return address.lower()


def _automatic(heads: list[tuple[str, str]]) -> str:
    """Why a machine sent it: an automatic answer, a bounce, a list."""
    said = _first(heads, "auto-submitted").lower()
    if said and not said.startswith("no"):
        return "自动发出的邮件（自动回复），不处理。"
    if any(_values(heads, name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return "自动发出的邮件（自动回复），不处理。"
    if _first(heads, "precedence").lower() in _BULK:
        return "群发或自动发出的邮件，不处理。"
    if "<>" in _values(heads, "return-path"):
        return "退信，不处理。"
    if _first(heads, "content-type").lower().startswith("multipart/report"):
        return "退信或回执，不处理。"
    if _AUTOMATIC.match(_decoded(_first(heads, "subject"))):
        return "自动回复，不处理。"
    return ""


def _decoded(written: str) -> str:
    """A header in words."""
    try:
        return str(make_header(decode_header(written)))
    except (MessageError, ValueError, LookupError):
        return written


def _readable(text: str) -> str:
    """Bare bytes, which the library keeps as surrogates, as letters."""
    try:
        raw = text.encode("ascii", "surrogateescape")
    except UnicodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return raw.decode("ascii", "replace")


def _pieces(mail: Message) -> tuple[list[Piece], str]:
    """The files, those of forwarded mails first, since what lies outside is newer; and the trouble."""
    found: list[Piece] = []
    trouble = ""
    for number, (part, depth) in enumerate(_leaves(mail)):
        if number >= MOST_PARTS:
            return found, TOO_MANY_PARTS
        try:
            kind, name = part.get_content_type(), _name(part)
            content = part.get_payload(decode=True)
        except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
        if not isinstance(content, bytes) or not content:
            continue
        trouble = trouble or _closed(kind, name)
        found.append(Piece(name, content, depth))
    return sorted(found, key=lambda piece: -piece.depth), trouble


def _leaves(mail: Message) -> Iterator[tuple[Message, int]]:
    """Every part that holds no others, in order, without recursion."""
    waiting: list[tuple[Message, int]] = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        inside = part.get_payload() if part.is_multipart() else None
        if isinstance(inside, list):
            further = depth + (part.get_content_maintype() == "message")
            waiting += [(one, further) for one in reversed(inside) if isinstance(one, Message)]
        else:
            yield part, depth


def _name(part: Message) -> str:
    written = part.get_filename() or ""
    return clean_file_name(_decoded(str(written))) if written else ""


def _closed(kind: str, name: str) -> str:
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted",
                "application/pgp-encrypted") or name.lower() == "smime.p7m":  # fmt: skip
        return LOCKED
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        return TNEF
    return ""
