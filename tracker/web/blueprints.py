"""Every blueprint of the web UI."""

from tracker.web.views import (
    approvals,
    audit,
    calendar,
    completions,
    directory,
    endings,
    evidence,
    exports,
    extensions,
    handovers,
    health,
    home,
    imports,
    marks,
    monitor,
    my_work,
    plans,
    regroupings,
    reminders,
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
    plans.blueprint, tasks.blueprint, work.blueprint, evidence.blueprint,
    completions.blueprint, extensions.blueprint, handovers.blueprint, endings.blueprint, marks.blueprint,
    regroupings.blueprint, reviews.blueprint, approvals.blueprint,
    imports.blueprint, exports.blueprint, reminders.blueprint, calendar.blueprint, monitor.blueprint,
    directory.blueprint, users.blueprint, audit.blueprint, settings.blueprint,
)  # fmt: skip
