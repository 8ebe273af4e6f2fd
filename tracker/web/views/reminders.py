"""提醒: who gets what on a day, and why; and the log of every mail."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from tracker import access
from tracker.errors import InputError
from tracker.events import deed, keep
from tracker.mail import notices, outbox
from tracker.mail.message import Message, MessageState
from tracker.paging import Page
from tracker.reminders.preview import who_gets_what
from tracker.storage import StoredFile
from tracker.web import loading
from tracker.web.asked import day_of_words, number_asked
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("reminders", __name__)
PAGE = 50


@blueprint.get("/reminders")
@policy("reminder.read")
def page() -> ResponseReturnValue:
    """What a day calls for as things stand; tomorrow by default."""
    on = day_of_words(request.args.get("on", ""), "", "on") or today() + timedelta(days=1)
    with reading() as session:
        outlook = who_gets_what(session, on, today=today())
    return render_template(
        "pages/reminders/page.html", outlook=outlook, on=on, before=on - timedelta(days=1),
        after=on + timedelta(days=1),
    )  # fmt: skip


@blueprint.get("/outbox")
@policy("reminder.read")
def log() -> ResponseReturnValue:
    """Every mail, newest first, or those in one state."""
    number, asked = number_asked(), request.args.get("state", "")
    state = MessageState(asked) if asked in set(MessageState) else None
    with reading() as session:
        wanted = access.messages_for(actor())
        if state:
            wanted = wanted.where(Message.state == state)
        counts = outbox.counts(session)
        total = counts.get(state, 0) if state else sum(counts.values())
        newest = outbox.newest_first(wanted).offset((number - 1) * PAGE).limit(PAGE)
        messages = session.exec(newest).all()
    return render_template(
        "pages/outbox/index.html", messages=messages, counts=counts, state=state,
        page=Page(number, total, PAGE), smtp_host=tracker().settings.smtp_host, State=MessageState,
    )  # fmt: skip


@blueprint.get("/outbox/<int:message_id>")
@policy("reminder.read")
def message(message_id: int) -> ResponseReturnValue:
    """One mail as it was or will be sent."""
    with reading() as session:
        found = loading.message(session, actor(), message_id)
        carried = session.get(StoredFile, found.attachment_id) if found.attachment_id else None
    return render_template(
        "pages/outbox/message.html", message=found, carried=carried, State=MessageState
    )


@blueprint.post("/outbox/<int:message_id>/retry")
@policy("reminder.read")
def retry(message_id: int) -> ResponseReturnValue:
    """Put a failed mail back into the queue, under its old Message-ID."""
    with writing() as session:
        found = loading.message(session, actor(), message_id, lock=True)
        if found.state != MessageState.FAILED:
            raise InputError("只有发送失败的邮件可以重新发送。")
        session.execute(
            sa.update(Message)
            .where(col(Message.id) == message_id)
            .values(state=MessageState.DUE, tries=0, next_try_at=at(), reason="")
        )
        keep(session, deed(actor(), "mail.retried", "message", message_id, at=at()))
    flash(_("已重新排队。"), "success")
    return redirect(url_for("reminders.message", message_id=message_id))


@blueprint.post("/outbox/test")
@policy("reminder.read")
def test() -> ResponseReturnValue:
    """Post a mail that only shows that mail leaves."""
    with writing() as session:
        to = request.form.get("to", "")
        notices.test(session, to=to, on=today(), at=at(), settings=tracker().settings)
    flash(_("测试邮件已排队。"), "success")
    return redirect(url_for("reminders.log"))
