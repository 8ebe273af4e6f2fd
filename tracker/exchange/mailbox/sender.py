"""Who a mail says it is from: the people with that address, and whether the mail server vouches for it.

From is written by whoever sends: by itself it proves nothing. That is why nothing is written before the
office has confirmed it; `vouched` makes it harder where the mail server checks (TRACKER_IMAP_TRUSTED).
"""

import re
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.actor import Actor
from tracker.directory.actors import actor_for
from tracker.directory.user import User
from tracker.exchange.export import Export

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*pass\b(.*)", re.IGNORECASE)
_PROPERTY = re.compile(r"(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)")


def people(session: Session, address: str, *, on: date) -> list[Actor]:
    """Everybody with this address who is not disabled, letters' case aside."""
    if not address:
        return []
    wanted = select(User.id).where(
        func.lower(User.email) == address.lower(), col(User.disabled_at).is_(None)
    )
    found = [
        actor_for(session, ident, on=on)
        for ident in session.exec(wanted.order_by(col(User.id)))
        if ident
    ]
    return [one for one in found if one is not None]


def who_may_hand_in(people: Sequence[Actor], export: Export) -> Actor | None:
    """The first of them whose departments the export's is one of, or who sits in the office."""
    return next(
        (
            one
            for one in people
            if one.may("return.hand_in")
            and (one.is_office or export.department_id in one.department_ids)
        ),
        None,
    )


def vouched(checks: Sequence[str], address: str, *, trusted: str) -> bool:
    """Whether the mail server named `trusted` found the sender's domain to be true (RFC 8601): DMARC
    passed for it, or DKIM or SPF did for the domain itself or one above it. Only the topmost of the
    server's headers counts, since a sender can write more below it. Without a name nobody is asked."""
    if not trusted:
        return True
    domain = address.rpartition("@")[2]
    for written in checks:
        server, *results = _COMMENT.sub(" ", written).split(";")
        if (server.split() or [""])[0].lower() == trusted.lower():
            return any(_passes(result, domain) for result in results)
    return False


def _passes(result: str, domain: str) -> bool:
    found = _RESULT.match(result)
    if found is None:
        return False
    method, said = found[1].lower(), dict(_PROPERTY.findall(found[2].lower()))
    names = {
        "dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",),
    }[method]  # fmt: skip
    return any(_covers(said[name].rpartition("@")[2], domain) for name in names if name in said)


def _covers(signed: str, domain: str) -> bool:
    """The same domain, or one above it that is no bare ending such as `cn` or `gov.cn`."""
    if signed == domain:
        return True
    return domain.endswith("." + signed) and signed.count(".") >= 2
