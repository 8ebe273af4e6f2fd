"""tracker export --each-department, fetch-mail, check: the doors as other programs open them."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.test_commands import Shell
from tests.conftest import NOON, Office
from tests.exchange.merging.hands import EDU, SERVICE
from tests.mail.server import free_port
from tracker.exchange.handing_out.zipped import LIST
from tracker.exchange.mailbox.fetching import NAME, NOT_SET
from tracker.exchange.mailbox.received import MailboxLook


@pytest.fixture
def shell(office: Office, tmp_path: Path) -> Shell:
    return Shell(tmp_path, office.database)


def test_one_zip_with_a_workbook_for_each_department(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "各单位.zip"
    done = shell.run("export", SERVICE, "--each-department", "-o", str(target))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert f"{EDU}.xlsx" in archive.namelist() and archive.namelist()[-1] == LIST


@pytest.mark.parametrize("more", [["--department", EDU], ["--layout", "template"]])
def test_a_zip_of_one_department_or_of_blank_forms_is_wrong_use(
    shell: Shell, tmp_path: Path, more: list[str]
) -> None:
    target = tmp_path / "x.zip"
    done = shell.run("export", SERVICE, "--each-department", *more, "-o", str(target))
    assert done.returncode == 2 and not target.exists()


def test_without_a_mailbox_fetching_says_so(shell: Shell) -> None:
    done = shell.run("fetch-mail", "--json")
    assert (done.returncode, json.loads(done.stdout)["problem"]) == (1, NOT_SET)


def test_a_mailbox_that_does_not_answer_is_said_by_fetching_and_by_check(shell: Shell) -> None:
    bare = dict(shell.environment)
    shell.environment.update(
        TRACKER_IMAP_HOST="127.0.0.1", TRACKER_IMAP_PORT=str(free_port()), TRACKER_IMAP_USER="x",
        TRACKER_IMAP_PASSWORD="y", TRACKER_IMAP_TLS="none",
    )  # fmt: skip
    done = shell.run("fetch-mail")
    assert done.returncode == 1 and "连不上收件邮箱服务器" in done.stderr
    assert "连不上收件邮箱服务器" in shell.run("check").stderr
    shell.environment = bare
    assert "连不上收件邮箱服务器" not in shell.run("check").stderr, "the control: no mailbox set"


def test_half_a_mailbox_is_a_setting_forgotten(shell: Shell) -> None:
    shell.environment["TRACKER_IMAP_HOST"] = "mail.qinghe.test"
    done = shell.run("fetch-mail")
    assert done.returncode == 2 and "TRACKER_IMAP_USER" in done.stderr


def test_the_page_tells_the_office_what_is_wrong_and_nobody_else(office: Office) -> None:
    problem = "收件邮箱不认用户名或密码。"
    with office.database.writing() as session:
        session.add(MailboxLook(name=NAME, at=NOON, problem=problem, since=NOON))
    office.settings.imap_host = "mail.qinghe.test"
    for login, told in (("office", True), ("edu", False)):
        page = office.client_as(login).get("/returns").get_data(as_text=True)
        assert (problem in page) is told
