"""From a row to the bytes a server takes: one address, one subject line, no header injection."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from tracker.addresses import is_address
from tracker.errors import InputError, TrackerError
from tracker.mail.message import Message
from tracker.text import clean_line, clean_text


class Unsendable(TrackerError):
    """This row can never become a mail; the sentence says why."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: its name as the reader sees it, its bytes, its type ("a/b")."""

    name: str
    content: bytes
    media_type: str


def compose(
    message: Message, *, sender: str, at: datetime, carried: Attachment | None = None,
    reply_to: str = "",
) -> EmailMessage:  # fmt: skip
    """The mail of a row, dated `at`, with the row's own Message-ID; answers go to `reply_to`.

    Raises Unsendable when the address is not exactly one, or the words cannot be sent.
    """
    try:
        return _carrying(_composed(message, sender, at), carried, reply_to)
    except (InputError, ValueError, LookupError) as error:
        said = error.message if isinstance(error, TrackerError) else type(error).__name__
        raise Unsendable(f"邮件不能生成：{said}") from error


def _composed(message: Message, sender: str, at: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(sender)
    mail["To"] = message.address
    _require_one_recipient(mail, message.address)
    mail["Subject"] = clean_line(message.subject, field="邮件主题", longest=250)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message.header_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(message.text), cte="base64")
    if message.html:
        mail.add_alternative(_body(message.html), subtype="html", cte="base64")
    return mail


def _carrying(mail: EmailMessage, carried: Attachment | None, reply_to: str) -> EmailMessage:
    if reply_to:
        mail["Reply-To"] = reply_to
    if carried is not None:
        main, _slash, sub = carried.media_type.partition("/")
        mail.add_attachment(carried.content, maintype=main, subtype=sub, filename=carried.name)
    return mail


def envelope_sender(sender: str) -> str:
    """The bare address of the sender setting. Raises Unsendable when there is none."""
    return _sender(sender).addr_spec


def _body(text: str) -> str:
    return clean_text(text, field="邮件正文", longest=1_000_000) + "\n"


def _sender(sender: str) -> Address:
    name, address = parseaddr(sender)
    if not is_address(address):
        raise Unsendable("设置 TRACKER_MAIL_FROM 不是一个邮箱地址。")
    return Address(display_name=clean_line(name), addr_spec=address)


def _require_one_recipient(mail: EmailMessage, stored: str) -> None:
    read = [address.addr_spec for address in _addresses(mail)]
    if not is_address(stored) or read != [stored]:
        raise Unsendable("收件地址不是一个完整的邮箱地址，请在名录中改正。")


def _addresses(mail: EmailMessage) -> Iterator[Address]:
    header = mail["To"]
    yield from header.addresses
