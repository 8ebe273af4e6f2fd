"""Every blueprint of the web UI."""

from tracker.web.views import (
    audit,
    calendar,
    directory,
    evidence,
    exports,
    health,
    home,
    imports,
    items,
    monitor,
    my_work,
    plans,
    praises,
    rankings,
    reminders,
    reviews,
    rounds,
    rules,
    settings,
    setup,
    signin,
    tasks,
    users,
    visits,
    work,
)

ALL = (
    home.blueprint, health.blueprint, setup.blueprint, signin.blueprint, my_work.blueprint,
    plans.blueprint, tasks.blueprint, work.blueprint, evidence.blueprint, reviews.blueprint,
    imports.blueprint, exports.blueprint, reminders.blueprint, calendar.blueprint, monitor.blueprint,
    directory.blueprint, users.blueprint, audit.blueprint, settings.blueprint,
    rounds.blueprint, items.blueprint, visits.blueprint, rankings.blueprint, rules.blueprint,
    praises.blueprint,
)  # fmt: skip
