"""What became of one try to send one mail, and when the next try is due.

Outcome
├── Sent        a server has taken it
├── Later       not now: the server said so (4xx), or the line broke; tried again
│   └── NoLine  no connection, or our sender is refused: tried again without end, since the
│               settings or the server are at fault and not the message
├── Refused     never: a server's 5xx, or a row that cannot become a mail
└── Dropped     no longer wanted: cancelled with the reason
"""

import smtplib
import zlib
from dataclasses import dataclass
from datetime import timedelta

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""After the first, second, … try; the last one repeats."""
SPREAD = 0.2
PERMANENT = 500


@dataclass(frozen=True)
class Outcome:
    """`reason` is for the office to read; empty when there is nothing to say."""

    reason: str = ""


class Sent(Outcome):
    """A server has taken it."""


class Later(Outcome):
    """Not now."""


class NoLine(Later):
    """No way to send anything at present."""


class Refused(Outcome):
    """Never."""


class Dropped(Outcome):
    """No longer wanted."""


def pause(attempts: int, header_id: str) -> timedelta:
    """How long to wait after so many tries: growing, spread by up to a fifth either way.

    The spread follows from the message, so that a crowd refused together does not return together.
    """
    base = PAUSES[min(attempts, len(PAUSES)) - 1]
    chance = zlib.crc32(f"{header_id}{attempts}".encode()) / 0xFFFFFFFF
    return base * (1 - SPREAD + 2 * SPREAD * chance)


def of_error(error: smtplib.SMTPException | OSError) -> Outcome:
    """What an error during the sending of one mail means for that mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _of_answer(code, said)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return NoLine(_of_answer(error.smtp_code, error.smtp_error).reason)
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused("邮件服务器不支持这个地址或这封邮件的写法。")
    return Later("与邮件服务器的连接中断，将再次投递。")


def _of_answer(code: int, said: bytes | str) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    answer = f"邮件服务器答复 {code} {' '.join(text.split())[:200]}".replace("\0", "")
    return Refused(answer) if code >= PERMANENT else Later(answer)
