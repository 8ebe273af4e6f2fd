"""One connection to the office's mail server, opened when first needed and used again."""

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType
from typing import Self

from tracker.failpoints import failpoint
from tracker.mail.outcome import Later, NoLine, Outcome, Sent, of_error
from tracker.settings import Settings

CLOSING = 421


class Line:
    """Sends mails one by one; a broken connection is opened anew for the next one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def send(self, mail: EmailMessage, *, sender: str, to: str) -> Outcome:
        """Hand one mail for one envelope recipient to the server."""
        try:
            server = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            return NoLine(f"连不上邮件服务器（{type(error).__name__}），请核对发信设置。")
        failpoint("connected")
        return self._hand_over(server, mail, sender, to)

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage, sender: str, to: str) -> Outcome:
        failpoint("before-send")
        try:
            server.sendmail(sender, [to], mail.as_bytes(policy=SMTP))
        except (smtplib.SMTPException, OSError) as error:
            outcome = of_error(error)
            if _is_broken(error) or isinstance(outcome, Later):
                self.hang_up()
            return outcome
        failpoint("accepted")
        return Sent()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = _dial(self.settings)
        return self._server

    def hang_up(self) -> None:
        """Close the connection, politely if the server still listens."""
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()
        self._server = None


def _dial(settings: Settings) -> smtplib.SMTP:
    host, port, timeout = settings.smtp_host, settings.smtp_port, settings.smtp_timeout
    if settings.smtp_tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        _introduce(server, settings)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _introduce(server: smtplib.SMTP, settings: Settings) -> None:
    if settings.smtp_tls == "starttls":
        server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password)


def _is_broken(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return not isinstance(error, smtplib.SMTPRecipientsRefused)
