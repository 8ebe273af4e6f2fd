"""One connection to the mailbox, over IMAP: what is unseen, its bytes, and putting it aside.

MailboxBroken   the mailbox cannot be used now; one sentence says why and which setting to look at
"""

import contextlib
import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from tracker.errors import TrackerError
from tracker.settings import Settings

MOST_AT_ONCE = 200
"""Mails of one look; what is left is looked at the next time."""
HEAD = 64 * 1024
"""Bytes that are fetched of a mail that is too large to be fetched."""
PORTS = {"none": 143, "starttls": 143, "tls": 993}
_FACTS = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")


class MailboxBroken(TrackerError):
    """No mail can be fetched now."""


@dataclass(frozen=True)
class Unseen:
    """A mail nobody has looked at: its number in the folder, its bytes, when the server got it, where
    it says so."""

    uid: str
    size: int
    arrived_at: datetime | None


class Mailbox:
    """The folder of the settings, open for as long as the block lasts. Raises MailboxBroken, also on
    entering; mails are not marked as seen before `put_aside`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: imaplib.IMAP4 | None = None
        self._able: frozenset[str] = frozenset()

    def __enter__(self) -> Self:
        with told(self._settings):
            self._server = _dialled(self._settings)
        try:
            self._able = _signed_in(self._server, self._settings)
            with told(self._settings):
                self._open_folders()
        except MailboxBroken:
            self._hang_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self._server is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                self._server.logout()
        self._server = None

    @property
    def _open(self) -> imaplib.IMAP4:
        assert self._server is not None
        return self._server

    def _open_folders(self) -> None:
        folder = self._settings.imap_folder
        if self._open.select(folder_name(folder))[0] != "OK":
            raise MailboxBroken(f"收件邮箱里没有文件夹“{folder}”，请核对设置 TRACKER_IMAP_FOLDER。")
        done = self._settings.imap_done
        if done and not self._is_there(folder_name(done)):
            raise MailboxBroken(
                f"收件邮箱里没有文件夹“{done}”，也建不了，请核对设置 TRACKER_IMAP_DONE。"
            )

    def _is_there(self, folder: str) -> bool:
        """Whether the folder is there, or could be made."""
        if self._open.status(folder, "(UNSEEN)")[0] == "OK":
            return True
        return self._open.create(folder)[0] == "OK"

    def unseen(self) -> list[Unseen]:
        """The mails nobody has looked at, the oldest first."""
        with told(self._settings):
            found = self._asked("SEARCH", None, "UNSEEN")
            uids = found[0].split()[:MOST_AT_ONCE] if found and found[0] else []
            if not uids:
                return []
            wanted = b",".join(uids).decode("ascii")
            answer = self._asked("FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)")
        return sorted(facts_in(answer), key=lambda one: int(one.uid))

    def whole(self, uid: str) -> bytes:
        """A mail as it came."""
        with told(self._settings):
            return _literal(self._asked("FETCH", uid, "(BODY.PEEK[])"))

    def head(self, uid: str) -> bytes:
        """The beginning of a mail's headers."""
        with told(self._settings):
            return _literal(self._asked("FETCH", uid, f"(BODY.PEEK[HEADER]<0.{HEAD}>)"))

    def put_aside(self, uid: str) -> None:
        """Mark a mail as seen, and move it where the settings name a folder for what is done."""
        with told(self._settings):
            self._asked("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
            if self._settings.imap_done:
                self._move(uid, folder_name(self._settings.imap_done))

    def _move(self, uid: str, folder: str) -> None:
        if "MOVE" in self._able:
            self._asked("MOVE", uid, folder)
            return
        self._asked("COPY", uid, folder)
        self._asked("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._able:  # without it, others' mails would go too
            self._asked("EXPUNGE", uid)

    def _asked(self, command: str, *arguments: str | None) -> list[Any]:
        said, answer = self._open.uid(command, *arguments)  # type: ignore[arg-type]
        if said != "OK":
            what = answer[0].decode("utf-8", "replace") if answer and answer[0] else said
            raise MailboxBroken(
                f"收件邮箱的服务器不肯做 {command}：{what[:200]}。"
                "请核对文件夹（TRACKER_IMAP_FOLDER、TRACKER_IMAP_DONE）和权限。"
            )
        return answer


def _dialled(settings: Settings) -> imaplib.IMAP4:
    port = settings.imap_port or PORTS[settings.imap_tls]
    host, timeout = settings.imap_host, settings.imap_timeout
    if settings.imap_tls == "tls":
        return imaplib.IMAP4_SSL(host, port, ssl_context=_trust(settings), timeout=timeout)
    server = imaplib.IMAP4(host, port, timeout=timeout)
    if settings.imap_tls == "starttls":
        try:
            server.starttls(ssl_context=_trust(settings))
        except (imaplib.IMAP4.error, OSError):
            with contextlib.suppress(OSError):
                server.shutdown()
            raise
    return server


def _trust(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.imap_ca or None)


def _signed_in(server: imaplib.IMAP4, settings: Settings) -> frozenset[str]:
    """Signs in, and says who is there: some mail services (163, 126) open no folder without it. What the
    server can do, which it says only now."""
    with told(settings):
        try:
            server.login(settings.imap_user, settings.imap_password.get_secret_value())
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise MailboxBroken(
                "收件邮箱不认用户名或密码，请核对 TRACKER_IMAP_USER 和 TRACKER_IMAP_PASSWORD"
                "（有的邮箱要用授权码，并先打开 IMAP）。"
            ) from error
        able = frozenset(server.capability()[1][-1].decode("ascii", "replace").upper().split())
        if "ID" in able:
            with contextlib.suppress(imaplib.IMAP4.error):
                server.xatom("ID", '("name" "tracker" "version" "1")')
        return able


@contextlib.contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Raises MailboxBroken for whatever a network, a certificate or a server may say."""
    where = f"{settings.imap_host}:{settings.imap_port or PORTS[settings.imap_tls]}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailboxBroken(
            f"收件邮箱服务器 {where} 的证书不可信，没有登录。"
            "自建的证书请用 TRACKER_IMAP_CA 指明它的根证书文件。"
        ) from error
    except ssl.SSLError as error:
        raise MailboxBroken(
            f"与收件邮箱服务器 {where} 的加密方式对不上，请核对 TRACKER_IMAP_TLS 和端口。"
        ) from error
    except OSError as error:
        raise MailboxBroken(
            f"连不上收件邮箱服务器 {where}（{type(error).__name__}），请核对网络和 TRACKER_IMAP_HOST。"
        ) from error
    except imaplib.IMAP4.abort as error:
        raise MailboxBroken(f"与收件邮箱服务器 {where} 的连接中断，将再试。") from error
    except imaplib.IMAP4.error as error:
        raise MailboxBroken(
            f"收件邮箱服务器 {where} 的答复不合规矩（{str(error)[:100]}），请核对 TRACKER_IMAP_TLS 和端口。"
        ) from error


def facts_in(answer: list[Any]) -> Iterator[Unseen]:
    """The mails that a server's answer speaks of, in whatever order it says a mail's facts."""
    for line in answer:
        said = b" ".join(line) if isinstance(line, tuple) else line or b""
        uid = size = arrived = None
        for one, two, three in _FACTS.findall(said):
            uid, size, arrived = one or uid, two or size, three or arrived
        if uid:
            moment = _moment((arrived or b"").decode("ascii", "replace"))
            yield Unseen(uid.decode(), int(size or 0), moment)


def _moment(written: str) -> datetime | None:
    """IMAP's own writing: " 7-Mar-2026 09:08:07 +0800"; None for what is none."""
    with contextlib.suppress(ValueError):
        return _read_moment(written)
    return None


def _read_moment(written: str) -> datetime:
    day, clock, zone = written.split()
    number, month, year = day.split("-")
    at = 1 + "JanFebMarAprMayJunJulAugSepOctNovDec".index(month.title()) // 3
    return datetime.fromisoformat(f"{year}-{at:02}-{int(number):02}T{clock}{zone[:3]}:{zone[3:]}")


def _literal(answer: list[Any]) -> bytes:
    """The bytes of the one mail that was asked for; none when it is gone by now."""
    return next((bytes(line[1]) for line in answer if isinstance(line, tuple)), b"")


def folder_name(name: str) -> str:
    """A folder's name as IMAP writes it: quoted, other letters than ASCII in its own UTF-7."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    written = "".join(
        _utf7(piece) if place % 2 else piece.replace("&", "&-")
        for place, piece in enumerate(pieces)
    )
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(piece: str) -> str:
    packed = b64encode(piece.encode("utf-16-be")).decode("ascii")
    return "&" + packed.rstrip("=").replace("/", ",") + "-"
