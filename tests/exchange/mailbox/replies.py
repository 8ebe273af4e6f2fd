"""Mails as people send them: a reply with the workbook, a forward, and what is in the way of one."""

import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from itertools import count

from tests.conftest import Office
from tests.exchange.merging.hands import EDU, SERVICE, opened, take_out
from tests.work.acting import SOLE, signed

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
SAID = "十二所学校已上墙"
MARKET = "清河县市场监督管理局"
numbers = count(1)


def filled(office: Office, said: str = SAID, department: str = EDU) -> bytes:
    """A department's copy with one word of progress in it."""
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE, department=department))
    row = book.row_of(part.id) if department == EDU else book.rows()[0]
    book.write(row, "progress", said)
    return book.saved()


def reply(
    *workbooks: bytes, sender: str = "edu@qinghe.test", subject: str = "回复：请填报",
    names: tuple[str, ...] = (), **headers: str,
) -> EmailMessage:  # fmt: skip
    """An answer with its workbooks, as Foxmail and others write it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"教育经办 <{sender}>"
    mail["To"] = "box@qinghe.test"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<reply-{next(numbers)}@qinghe.test>"
    mail["In-Reply-To"] = mail["References"] = "<sent-1@qinghe.test>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("已填好，请查收。\n\n> 随信发送任务表，请填写。\n")
    mail.add_alternative(
        "<p>已填好，请查收。</p><blockquote>随信发送任务表</blockquote>", subtype="html"
    )
    for number, content in enumerate(workbooks):
        name = names[number] if number < len(names) else f"台账{number + 1}.xlsx"
        mail.add_attachment(content, maintype=XLSX[0], subtype=XLSX[1], filename=name)
    return mail


def forwarded(inner: EmailMessage, sender: str = "edu@qinghe.test") -> EmailMessage:
    """The whole mail as an attachment of another."""
    mail = reply(sender=sender, subject="转发：请填报")
    mail.add_attachment(inner)
    return mail


def zipped(**members: bytes) -> bytes:
    """A zip of files, named as GBK Windows does not."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()
