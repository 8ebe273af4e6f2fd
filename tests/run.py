"""`make test`: the whole suite on SQLite, then on PostgreSQL; says loudly what was left out.

Databases and every other temporary file lie in memory where there is room for them, and modules are
kept compiled, whatever the environment says: the suite starts hundreds of processes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import memory, postgres  # noqa: E402
from tests.browser.chromium import CHROMIUM, MISSING  # noqa: E402
from tests.exchange.mailbox import dovecot  # noqa: E402
from tests.importers.plans import PLANS  # noqa: E402

APART = ("importers", "files", "stores", "hostile", "shell", "bench", "test_house_rules.py")
"""What never meets the served database."""
DRIVEN = ("pages", "browser")
"""What meets it only through views and verbs that other tests run on both; on PostgreSQL these wait
for `make test-long`, so that the suite stays short."""
BOTH_CORES = ("-n", "2", "--dist", "worksteal")
"""Each begins with half of the rooms and keeps what they share; who is done early takes from the other."""

NO_PLANS = """
!! NOT TESTED: the real plan tables, which are not part of the project. Set TRACKER_SHARED_PLANS."""

NO_OFFICE = "exports saved by LibreOffice: apt-get install libreoffice-calc-nogui"


def pytest(*arguments: str, **environment: str) -> int:
    """Run pytest; its exit code."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, check=False, env={**os.environ, **environment}).returncode


def main(arguments: list[str]) -> int:
    """The exit code of the worst run."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    shared = memory.folder()
    if shared is None:
        return every_run(arguments)
    with tempfile.TemporaryDirectory(prefix="tracker-test-", dir=shared) as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        return every_run(arguments)


def every_run(arguments: list[str]) -> int:
    """The runs themselves."""
    chosen = ["-m", "long"] if "--long" in arguments else ["-m", "not long", *BOTH_CORES]
    left_out = []
    if CHROMIUM is None:
        left_out.append(MISSING)
    if dovecot.DOVECOT is None:
        left_out.append(dovecot.MISSING)
    if shutil.which("soffice") is None:
        left_out.append(NO_OFFICE)
    print("== on SQLite", flush=True)
    worst = pytest(*chosen)
    if postgres.is_available():
        print("== on PostgreSQL", flush=True)
        with postgres.server() as url:
            once = [f"--ignore=tests/{part}" for part in APART + DRIVEN]
            worst = pytest(*chosen, "--database", "postgres", *once, TEST_DATABASE_URL=url) or worst
            if "--long" in arguments:
                driven = [f"tests/{part}" for part in DRIVEN]
                usual = ["-m", "not long", *BOTH_CORES, "--database", "postgres"]
                worst = pytest(*usual, *driven, TEST_DATABASE_URL=url) or worst
    else:
        left_out.append(postgres.HOW_TO_ADD)
    if not PLANS.is_dir():
        print(NO_PLANS, file=sys.stderr, flush=True)
    for sentence in left_out:
        print(f"\n!! NOT TESTED: {sentence}", file=sys.stderr, flush=True)
    if left_out and os.environ.get("CI"):
        return worst or 1
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
