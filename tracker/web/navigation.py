"""The rail: where a person can go, by what the person may do."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actor import Actor


@dataclass(frozen=True)
class Entry:
    """One link of the rail; `phone` is True for the bottom bar's four."""

    label: str
    icon: str
    url: str
    active: bool
    phone: bool


def entries(actor: Actor | None) -> list[Entry]:
    """The links for this person."""
    if actor is None:
        return []
    table = (
        # power, endpoint, label, icon
        ("my_work.read", "my_work.page", _("我的待办"), "list-check"),
        ("plan.read", "plans.index", _("计划"), "table"),
        ("plan.import", "imports.index", _("导入"), "upload"),
        ("return.hand_in", "returns.index", _("交回"), "file-earmark-spreadsheet"),
        ("work.review", "reviews.queue", _("审核"), "clipboard-check"),
        ("work.approve", "approvals.page", _("审签"), "pencil"),
        ("visit.record", "visits.mine", _("暗访"), "geo-alt"),
        ("scoring.read", "rounds.index", _("测评"), "award"),
        ("reminder.read", "reminders.page", _("提醒"), "bell"),
        ("monitor.read", "monitor.page", _("监控"), "bar-chart"),
        ("directory.read", "directory.index", _("名录"), "building"),
        ("user.manage", "users.index", _("用户"), "people"),
        ("audit.read", "audit.page", _("审计"), "journal-text"),
        ("signed_in", "settings.page", _("设置"), "gear"),
    )
    allowed = [row for row in table if actor.may(row[0])]
    here = (request.endpoint or "").split(".")[0]
    return [
        Entry(label, icon, url_for(endpoint), endpoint.split(".")[0] == here, place < 4)
        for place, (_power, endpoint, label, icon) in enumerate(allowed)
    ]


def first_page(actor: Actor) -> str:
    """What the person must see first."""
    if actor.may("my_work.read"):
        return url_for("my_work.page")
    if actor.may("visit.record") and not actor.may("monitor.read"):
        return url_for("visits.mine")
    return url_for("monitor.page") if actor.may("monitor.read") else url_for("plans.index")
