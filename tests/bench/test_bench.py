"""The bench itself runs: every part, once, on the smallest sizes; no figure is judged here."""

import re
import subprocess
import sys

from tests.bench.measure import ROOT


def test_every_part_of_the_bench_prints_its_lines() -> None:
    small = ["--once", "--rows", "200", "--assignments", "700"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *small], cwd=ROOT, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in (
        "openpyxl full",
        "add_all",
        "CSV of the same query",
        "XlsxWriter constant_memory",
        "merge 200 rows",
        "and write what they say",
        "preview it, 700",
        "adding it to an empty base",
        "my-work, 700",
        "plan, 700",
        "monitor, 700",
        "plan a day",
    ):
        assert said in done.stdout
    assert re.search(r"a bare COPY|SKIPPED: there is no PostgreSQL", done.stdout)
    assert re.search(r"deliver [1-9]\d* digests", done.stdout)
