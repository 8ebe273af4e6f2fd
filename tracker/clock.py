"""The only module that reads the clock; everything else is told the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The date on the office's wall calendar; `zone` is an IANA name such as Asia/Shanghai."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: str) -> date:
    """The office's date at an aware moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local(moment: datetime, zone: str) -> datetime:
    """The moment as the office's clock shows it."""
    return moment.astimezone(ZoneInfo(zone))
