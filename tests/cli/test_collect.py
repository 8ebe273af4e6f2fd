"""tracker collect as other programs rely on it: the merge as JSON, exit codes, nothing by halves."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from tests.cli.test_commands import Shell
from tests.conftest import Office
from tests.exchange.merging.hands import EDU, SERVICE, opened, take_out
from tests.work.acting import SOLE, act, now, signed
from tracker.plans.assignment import Assignment
from tracker.work.report import Report

KEYS = {
    "files", "unchanged", "theirs", "ours", "same", "conflicts", "new", "missing", "invalid",
    "not_allowed", "applied",
}  # fmt: skip


@pytest.fixture
def shell(office: Office, tmp_path: Path) -> Shell:
    return Shell(tmp_path, office.database)


def filled(office: Office, folder: Path, name: str = "台账.xlsx", **said: object) -> str:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE, department=EDU))
    for field, value in said.items():
        book.write(book.row_of(part.id), field, value)
    path = folder / name
    path.write_bytes(book.saved())
    return str(path)


def collect(shell: Shell, *arguments: str) -> tuple[int, Any]:
    done = shell.run("collect", *arguments, "--json")
    return done.returncode, json.loads(done.stdout)


def test_without_apply_it_says_what_would_be_written(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    file = filled(office, tmp_path, progress="十二所学校已上墙")
    code, told = collect(shell, file)
    assert (code, set(told), told["applied"]) == (0, KEYS, False)
    (change,) = told["theirs"]
    assert (change["field"], change["theirs"]) == ("progress", "十二所学校已上墙")
    assert change["source"].startswith("台账!L") and SOLE in change["row"]


def test_applied_once_it_changes_nothing_the_second_time(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    file = filled(office, tmp_path, percent=0.95)
    code, told = collect(shell, file, "--apply")
    assert (code, told["applied"]) == (0, True)
    part = office.part(SOLE, "edu")
    assert part.percent == 95
    code, told = collect(shell, file, "--apply")
    assert (code, told["theirs"], [one["field"] for one in told["same"]]) == (
        0, [], ["percent", "progress"] if told["same"][1:] else ["percent"],
    )  # fmt: skip


def test_a_conflict_blocks_and_nothing_is_written(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    file = filled(office, tmp_path, progress="离线写的", percent=0.95)
    part = office.part(SOLE, "edu")
    said = {"text": "网上写的", "percent": str(part.percent)}
    assert act(office.client_as("edu"), part, "reports", **said) == 302
    code, told = collect(shell, file, "--apply")
    assert (code, told["applied"]) == (1, False)
    (conflict,) = told["conflicts"]
    assert (conflict["theirs"], conflict["ours"]) == ("离线写的", "网上写的")
    assert now(office, part).percent == part.percent


def test_of_two_copies_of_a_department_the_last_counts(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    first = filled(office, tmp_path, "一.xlsx", progress="早的")
    second = filled(office, tmp_path, "二.xlsx", progress="晚的")
    code, told = collect(shell, first, second, "--apply")
    assert [one["superseded"] for one in told["files"]] == [True, False]
    assert (code, [one["theirs"] for one in told["theirs"]]) == (0, ["晚的"])


def test_a_file_that_is_no_export_blocks_and_is_named(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    other = shell.file([(1, "核对线路", "教体局", "年底前")], "别的.xlsx")
    code, told = collect(shell, filled(office, tmp_path, percent=0.95), other, "--apply")
    assert (code, told["applied"]) == (1, False)
    assert "行标识" in told["files"][1]["problem"]


def test_what_cannot_be_opened_is_one_line(office: Office, shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    done = shell.run("collect", str(broken))
    assert (done.returncode, done.stdout) == (1, "")
    assert "坏的.xlsx" in done.stderr and done.stderr.count("\n") == 1


def two_copies(
    office: Office, folder: Path, one: str, other: str
) -> tuple[str, str, Assignment]:  # fmt: skip
    """The department's copy and the whole plan's, which say something of the same part."""
    first = filled(office, folder, "一.xlsx", progress=one)
    part = office.part(SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE))
    book.write(book.row_of(part.id), "progress", other)
    second = folder / "二.xlsx"
    second.write_bytes(book.saved())
    return first, str(second), part


def reports_of(office: Office, part: Assignment) -> list[str]:
    with office.database.reading() as session:
        wanted = select(Report.text).where(Report.assignment_id == part.id)
        return list(session.exec(wanted.order_by(col(Report.id))))


def test_a_cell_that_two_workbooks_change_differently_blocks_both(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    first, second, part = two_copies(office, tmp_path, "查了三处", "查了四处")
    before = reports_of(office, part)
    code, told = collect(shell, first, second, "--apply")
    assert (code, told["applied"], told["theirs"]) == (1, False, [])
    assert {(one["file"], one["theirs"]) for one in told["conflicts"]} == {
        (first, "查了三处"), (second, "查了四处"),
    }  # fmt: skip
    assert all("只能用一份" in one["reason"] for one in told["conflicts"])
    assert reports_of(office, part) == before


def test_a_cell_that_two_workbooks_change_alike_is_written_once(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    first, second, part = two_copies(office, tmp_path, "查了三处", "查了三处")
    before = reports_of(office, part)
    code, told = collect(shell, first, second, "--apply")
    assert (code, told["applied"]) == (0, True)
    assert reports_of(office, part) == [*before, "查了三处"]


def test_many_are_read_in_the_order_they_were_given(
    office: Office, shell: Shell, tmp_path: Path
) -> None:
    files = [filled(office, tmp_path, f"{n}.xlsx", progress=f"第{n}次") for n in range(5)]
    code, told = collect(shell, *files)
    assert (code, [one["file"] for one in told["files"]]) == (0, files)
    assert [one["superseded"] for one in told["files"]] == [True] * 4 + [False]
    assert [one["theirs"] for one in told["theirs"]] == ["第4次"]
