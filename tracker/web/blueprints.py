"""Every blueprint of the web UI."""

from tracker.web.views import (
    audit,
    calendar,
    directory,
    evidence,
    evidence_zips,
    exports,
    health,
    home,
    imports,
    monitor,
    my_work,
    plans,
    reminders,
    requirements,
    reviews,
    settings,
    setup,
    signin,
    tasks,
    users,
    work,
)

ALL = (
    home.blueprint, health.blueprint, setup.blueprint, signin.blueprint, my_work.blueprint,
    plans.blueprint, tasks.blueprint, work.blueprint, evidence.blueprint, evidence_zips.blueprint,
    requirements.blueprint, reviews.blueprint,
    imports.blueprint, exports.blueprint, reminders.blueprint, calendar.blueprint, monitor.blueprint,
    directory.blueprint, users.blueprint, audit.blueprint, settings.blueprint,
)  # fmt: skip
