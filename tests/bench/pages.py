"""(d) A department's page and the plan page, (e) the monitor's, against a hello-world route."""

import http.client
import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from sqlmodel import Session, col, select

from tests.bench.measure import Line, listening, say, show
from tests.bench.world import BUSY, World
from tracker.db import Database
from tracker.plans.assignment import Assignment
from tracker.web.app import create_app

MONITOR_ROUNDS = 8


@dataclass(frozen=True)
class Times:
    """Seconds, sorted."""

    seconds: list[float]

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p99(self) -> float:
        return self.seconds[min(len(self.seconds) - 1, len(self.seconds) * 99 // 100)]


def run(worlds: dict[int, World], *, rounds: int) -> None:
    """Print the lines of (d) and (e); servers of all sizes run side by side and are asked in turn."""
    with ExitStack() as stack:
        hello = stack.enter_context(listening("server", "hello", ""))
        asked = {"hello": (hello, "/", "")}
        for size, world in worlds.items():
            port = stack.enter_context(listening("server", "tracker", str(world.settings.instance)))
            asked |= _addresses(size, world, port)
        _lines(worlds, _ask_in_turn(asked, rounds))


def _addresses(size: int, world: World, port: int) -> dict[str, tuple[int, str, str]]:
    clerk, office = (_cookie(world, token) for token in (world.clerk, world.administrator))
    deep = max(2, _pages_of_busy(world) * 2 // 5)
    return {
        f"my-work {size}": (port, "/my-work", clerk),
        f"my-work deep {size}": (port, f"/my-work?page={deep}", clerk),
        f"plan {size}": (port, "/plans/1", office),
        f"plan deep {size}": (port, "/plans/1?page=16", office),
        f"monitor {size}": (port, "/monitor", office),
    }


def _cookie(world: World, token: str) -> str:
    """The signed cookie of a session, made by the application's own serializer."""
    database = Database(world.settings.database)
    app = create_app(world.settings, database)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    database.close()
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'signin': token})}"


def _pages_of_busy(world: World) -> int:
    database = Database(world.settings.database)
    with Session(database.engine) as session:
        mine = select(Assignment.id).where(
            Assignment.department_id == BUSY, col(Assignment.done).is_(False)
        )
        count = len(session.exec(mine).all())
    database.close()
    return -(-count // 50)


def _ask_in_turn(asked: dict[str, tuple[int, str, str]], rounds: int) -> dict[str, Times]:
    lines = {port: http.client.HTTPConnection("127.0.0.1", port) for port, _, _ in asked.values()}
    seen: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 3):
        for name, (port, path, cookie) in asked.items():
            if name.startswith("monitor") and number >= MONITOR_ROUNDS + 3:
                continue
            took = _ask(lines[port], path, cookie)
            if number >= 3:
                seen[name].append(took)
    for line in lines.values():
        line.close()
    return {name: Times(sorted(times)) for name, times in seen.items()}


def _ask(line: http.client.HTTPConnection, path: str, cookie: str) -> float:
    begun = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie, "Host": "127.0.0.1"})
    answer = line.getresponse()
    answer.read()
    assert answer.status == 200, f"{path} answered {answer.status}"
    return time.perf_counter() - begun


def _lines(worlds: dict[int, World], seen: dict[str, Times]) -> None:
    first, last = min(worlds), max(worlds)
    hello = seen["hello"]
    say("Pages by waitress, against a hello-world route of the same kind of server")
    for page, bar in (("my-work", 3.0), ("plan", 3.0), ("monitor", 3.0)):
        for size in worlds:
            now = seen[f"{page} {size}"]
            top = bar if size == last else None
            what = f"{page}, {size:,} assignments"
            show(Line(f"{what}: p50", now.p50 / hello.p50, "hello world's p50", top))
            if page != "monitor":
                show(Line("  its p99", now.p99 / now.p50, "its p50", 3 if size == last else None))
                deep = seen[f"{page} deep {size}"]
                show(
                    Line(
                        "  40 % deep",
                        deep.p50 / now.p50,
                        "the first page",
                        1.2 if size == last else None,
                    )
                )
            if size != first:
                show(Line("  itself", now.p50 / seen[f"{page} {first}"].p50, f"itself at {first:,}",
                          1.3 if size == last else None))  # fmt: skip
    show(Line("  hello world's own p99", hello.p99 / hello.p50, "its p50"))
