"""One delivery, one planning or a ticker in a process of its own, to be killed:
`python -m tests.mail.worker deliver|plan|timetable DATABASE_URL PORT MOMENT`."""

import sys
from datetime import datetime

from tests.reminders.cast import TODAY
from tracker import timetable
from tracker.db import Database
from tracker.reminders import planning
from tracker.settings import Settings


def main(verb: str, url: str, port: str, moment: str) -> None:
    database, at = Database(url), datetime.fromisoformat(moment)
    settings = Settings(
        database_url=url, base_url="http://tracker.test", smtp_host="127.0.0.1",
        smtp_port=int(port), smtp_timeout=5.0, mail_from="tracker@qinghe.test",
    )  # fmt: skip
    if verb == "plan":
        planning.run(database, settings, on=TODAY, at=at)
    elif verb == "timetable":
        timetable.run_forever(database, settings, only=["deliver"])
    else:
        timetable.deliver(database, settings, at=at, worker="doomed")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
