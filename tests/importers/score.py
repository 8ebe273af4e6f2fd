"""`make score`: facts right over facts asked, for every fixture and for the real plan tables."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from .fixtures import FIXTURES, Fixture
from .judging import ASPECTS, Verdict, judge, missing, needless
from .plans import NOT_THERE, PLANS
from .real_facts import verdicts

FLOOR = 0.99
"""The fixtures' share of right facts may not fall below this; raise it as the reader learns."""


def main() -> int:
    """Print the score; 1 if a real table is not wholly right or the fixtures fall too low."""
    enough = _fixtures()
    if not PLANS.is_dir():
        print(f"real tables SKIPPED: {NOT_THERE}")
        return 0 if enough else 1
    return 0 if _real() and enough else 1


def _fixtures() -> bool:
    facts: list[Verdict] = []
    asked: Counter[str] = Counter()
    for name, fixture in sorted(FIXTURES.items()):
        found = judge(fixture.tables, fixture.reading)
        facts += found
        asked += _questions(name, fixture, found)
    _by_aspect(facts)
    right = sum(fact.right for fact in facts)
    print(f"fixtures    {len(FIXTURES)}: {_share(facts)}; floor {FLOOR:.1%}")
    print(f"questions   {asked['needless']} needless, {asked['missing']} missing")
    return right >= FLOOR * len(facts)


def _questions(name: str, fixture: Fixture, found: list[Verdict]) -> Counter[str]:
    """Print a fixture's line; how many questions were needless or missing."""
    idle = needless(fixture.asks, fixture.reading)
    absent = missing(fixture.asks, fixture.reading)
    words = "".join(f"  needless: {code}" for code in idle)
    words += "".join(f"  missing: {code}" for code in absent)
    print(f"{_share(found):22} {name}{words}")
    _wrong(found)
    return Counter(needless=len(idle), missing=len(absent))


def _real() -> bool:
    whole = True
    for name, facts in verdicts():
        print(f"{_share(facts):22} {name}")
        _wrong(facts)
        whole = whole and all(fact.right for fact in facts)
    return whole


def _wrong(facts: Iterable[Verdict], most: int = 3) -> None:
    """The first wrong facts, a line each."""
    wrong = [fact.detail for fact in facts if not fact.right]
    for detail in wrong[:most]:
        print(f"{'':24}{detail[:200]}")
    if len(wrong) > most:
        print(f"{'':24}… {len(wrong) - most} more")


def _by_aspect(facts: list[Verdict]) -> None:
    for aspect in ASPECTS:
        of_it = [fact for fact in facts if fact.aspect == aspect]
        print(f"{aspect:12}{_share(of_it)}")


def _share(facts: list[Verdict]) -> str:
    right = sum(fact.right for fact in facts)
    return f"{right}/{len(facts)} = {right / max(len(facts), 1):.2%}"


if __name__ == "__main__":
    sys.exit(main())
