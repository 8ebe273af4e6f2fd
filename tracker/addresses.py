"""One mail address, exactly: nothing that a header or a server could read as two."""

import re
from email.utils import parseaddr

from tracker.errors import InputError

LONGEST = 254
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})*")


def is_address(text: str) -> bool:
    """Whether the text is one plain address: ASCII, no display name, no literal, no quotes."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def require_address(text: str) -> str:
    """The same text. Raises InputError for anything but one plain address."""
    if not is_address(text):
        raise InputError("邮箱地址不正确：只能填一个完整的地址，例如 name@example.org。", "email")
    return text


def domain_of(sender: str) -> str:
    """The part after @ of a sender that may carry a display name; localhost without one."""
    _, address = parseaddr(sender)
    return address.partition("@")[2] or "localhost"
