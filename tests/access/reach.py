"""Who reaches which row: the whole table, by how a person's department stands to one task.

The test's task is led by edu, helped by market, and nothing to health. A view without a line here
fails the test: whoever adds a view says whose row its address names.
"""

LEAD, HELPER, OUTSIDER, OFFICE, READER, IN_CHARGE = (
    "lead", "helper", "outsider", "office", "reader", "in charge",
)  # fmt: skip
ALL_BUT_OUTSIDERS = {LEAD, HELPER, OFFICE, READER, IN_CHARGE}
NOT_A_ROW = ALL_BUT_OUTSIDERS | {OUTSIDER}

ROWS: dict[str, set[str]] = {
    # row of the address          reached by
    "plan":                       ALL_BUT_OUTSIDERS,
    "task":                       ALL_BUT_OUTSIDERS,
    "any part of the task":       ALL_BUT_OUTSIDERS,
    "the lead's part":            {LEAD, OFFICE, READER, IN_CHARGE},
    "own part":                   {LEAD},
    "the lead's evidence":        {LEAD, OFFICE, READER, IN_CHARGE},
    "the lead's request":         {LEAD, OFFICE, IN_CHARGE},
    "own request":                {LEAD},
    "mark on the helper":         ALL_BUT_OUTSIDERS,
    "the lead's returned copy":   {LEAD, OFFICE},
    "the lead's points":          {LEAD, OFFICE, READER, IN_CHARGE},
    "the lead's frozen points":   {LEAD, OFFICE, READER, IN_CHARGE},
    "everybody's points":         {OFFICE, READER},
    "praise in the plan":         ALL_BUT_OUTSIDERS,
    "the inspector's visit":      {OFFICE, READER},
    "the office's":               {OFFICE},
    "no row":                     NOT_A_ROW,
}  # fmt: skip

ROW_OF: dict[str, str] = {
    "approvals.arrange": "no row", "approvals.page": "no row", "audit.page": "no row",
    "calendar.page": "the office's", "calendar.replace": "the office's",
    "completions.approve": "own request", "completions.create": "own part",
    "completions.take_back": "own request",
    "directory.add_alias": "the office's", "directory.add_department": "no row",
    "directory.add_group": "no row", "directory.import_list": "no row", "directory.index": "no row",
    "directory.remove_alias": "the office's", "directory.set_members": "the office's",
    "endings.archive_plan": "plan", "endings.close": "task", "endings.close_all": "plan",
    "endings.reopen": "task", "endings.restore": "task", "endings.take_out": "plan",
    "endings.withdraw": "task", "endings.withdraw_part": "the lead's part",
    "evidence.add": "own part", "evidence.assign": "the lead's evidence",
    "evidence.download": "the lead's evidence", "evidence.preview": "the lead's evidence",
    "evidence.view": "the lead's evidence", "evidence.withdraw": "the lead's evidence",
    "evidence_zips.of_plan": "plan", "evidence_zips.of_task": "task",
    "exports.copy": "the office's", "exports.create": "plan", "exports.form": "no row",
    "extensions.approve": "own request", "extensions.create": "own part",
    "extensions.decide": "the lead's request", "extensions.take_back": "own request",
    "handing_out.create": "plan", "handing_out.page": "plan", "handing_out.preview": "plan",
    "handing_out.slices": "plan",
    "handovers.create": "own part", "handovers.decide": "the lead's request",
    "handovers.reassign": "the lead's part", "handovers.take_back": "own request",
    "imports.accept": "the office's", "imports.answer": "the office's", "imports.apply": "the office's",
    "imports.create": "no row", "imports.differences": "the office's", "imports.index": "no row",
    "imports.page": "the office's", "imports.undo": "the office's",
    "items.award": "the lead's points", "items.page": "the lead's points",
    "items.picture": "the lead's points",
    "marks.instruct": "task", "marks.lift": "mark on the helper", "marks.mark": "any part of the task",
    "marks.urge_many": "the lead's part",
    "monitor.page": "no row", "my_work.page": "no row",
    "plans.index": "no row", "plans.page": "plan", "plans.search": "no row",
    "praises.create": "plan", "praises.page": "plan", "praises.take_back": "praise in the plan",
    "rankings.behind": "everybody's points", "rankings.create": "the office's",
    "rankings.frozen": "plan", "rankings.frozen_line": "the lead's frozen points",
    "rankings.page": "plan",
    "regroupings.page": "plan", "regroupings.settle": "plan",
    "progress.difficulties": "no row", "progress.of_plan": "plan", "progress.set_of_plan": "plan",
    "progress.set_of_task": "task", "progress.set_one": "task",
    "reminders.log": "no row", "reminders.message": "the office's", "reminders.page": "no row",
    "reminders.retry": "the office's", "reminders.test": "no row",
    "requirements.add": "task", "requirements.take_off": "task",
    "returns.apply": "the lead's returned copy", "returns.create": "no row",
    "returns.discard": "the lead's returned copy", "returns.index": "no row",
    "returns.page": "the lead's returned copy", "returns.prefer": "the lead's returned copy",
    "returns.undo": "the lead's returned copy",
    "returns.of_plan": "plan", "returns.apply_all": "plan",
    "reviews.decide": "the lead's request", "reviews.queue": "no row",
    "rounds.complete": "the office's", "rounds.create": "the office's", "rounds.end": "the office's",
    "rounds.index": "no row", "rounds.of_plan": "plan", "rounds.open_again": "the office's",
    "rounds.page": "plan", "rounds.publish": "the office's",
    "rules.page": "no row", "rules.save": "no row", "rules.trial": "no row",
    "settings.page": "no row", "settings.password": "no row",
    "tasks.page": "task",
    "users.change": "the office's", "users.charge": "the office's", "users.create": "no row",
    "users.disable": "the office's", "users.index": "no row", "users.new_password": "the office's",
    "visits.call_off": "the office's", "visits.create": "the office's",
    "visits.create_finding": "the inspector's visit", "visits.mine": "no row",
    "visits.of_round": "the office's", "visits.page": "the inspector's visit",
    "visits.picture": "the inspector's visit",
    "work.receive_many": "own part", "work.receive_one": "own part", "work.report_progress": "own part",
}  # fmt: skip

SAID_BY_THE_VERB = {"marks.lift", "marks.mark"}
"""Views whose verb itself forbids what the person sees and has the power for: only a lead may."""
