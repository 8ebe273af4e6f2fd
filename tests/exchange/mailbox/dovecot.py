"""Debian's dovecot on a loopback port, in a folder of its own, as nobody in particular.

One server for all tests of a session; every test has a user with an empty mailbox.
"""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.mail.server import free_port

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "the mailbox, which needs an IMAP server. Debian: apt-get install dovecot-imapd"
PASSWORD = "a-mailbox-of-tests"
PATIENCE = 20.0

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
instance_name = tracker-test
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_cache_size = 0
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running server; `user()` gives an empty mailbox. `certificate` is its own root."""

    folder: Path
    plain: int
    tls: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def user(self) -> str:
        return f"box{next(self.numbers)}@qinghe.test"

    def signed_in(self, user: str) -> imaplib.IMAP4:
        """What a test looks with, not what it tests."""
        server = imaplib.IMAP4("127.0.0.1", self.plain, timeout=10)
        server.login(user, PASSWORD)
        return server

    def put(self, user: str, mail: bytes, folder: str = "INBOX") -> None:
        """A mail arrives."""
        server = self.signed_in(user)
        assert server.append(folder, "", None, mail)[0] == "OK"  # type: ignore[arg-type]
        server.logout()

    def flags(self, user: str, folder: str = "INBOX") -> list[str]:
        """The flags of each mail of a folder, in order; none for a folder that is not there."""
        server = self.signed_in(user)
        if server.select(folder, readonly=True)[0] != "OK":
            return []
        found = server.uid("FETCH", "1:*", "(FLAGS)")[1]
        server.logout()
        return [line.decode().split("FLAGS ")[1] for line in found if line]  # type: ignore[union-attr]


def _person() -> tuple[str, str, int, int]:
    """Whom the server runs as: the tester, or nobody where the tester is root."""
    uid = os.getuid() or pwd.getpwnam("nobody").pw_uid
    known = pwd.getpwuid(uid)
    return known.pw_name, grp.getgrgid(known.pw_gid).gr_name, uid, known.pw_gid


def _certificate(folder: Path) -> None:
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout", "key.pem",
        "-out", "cert.pem", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@contextmanager
def running() -> Iterator[Dovecot]:
    """The server, until the block ends."""
    assert DOVECOT is not None
    user, group, uid, gid = _person()
    # not in the tests' own folder, which nobody else may enter
    with tempfile.TemporaryDirectory(prefix="tracker-imap-", dir="/tmp") as name:
        folder = Path(name)
        found = Dovecot(folder, free_port(), free_port())
        _certificate(folder)
        for inside in ("run", "mail", "home"):
            (folder / inside).mkdir()
        config = folder / "dovecot.conf"
        config.write_text(
            CONFIG.format(
                folder=folder, user=user, group=group, uid=uid, gid=gid, password=PASSWORD, ssl="yes",
                plain=found.plain, tls=found.tls,
            )
        )  # fmt: skip
        if os.getuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, uid, gid)
        child = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(config)], stdout=subprocess.DEVNULL,
            stderr=(folder / "stderr").open("wb"), user=uid if os.getuid() == 0 else None,
            group=gid if os.getuid() == 0 else None, extra_groups=[] if os.getuid() == 0 else None,
        )  # fmt: skip
        try:
            _wait(found, child)
            yield found
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(PATIENCE)


def _wait(found: Dovecot, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found.signed_in("first@qinghe.test").logout()
            return
        except (OSError, imaplib.IMAP4.error) as error:
            if child.poll() is not None or time.monotonic() > deadline:
                said = [
                    (found.folder / name).read_text()
                    for name in ("stderr", "log")
                    if (found.folder / name).exists()
                ]
                raise RuntimeError(f"dovecot did not start: {said}") from error
            time.sleep(0.05)
