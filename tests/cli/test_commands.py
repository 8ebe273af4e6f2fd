"""The command line as other programs rely on it: JSON, exit codes, one line for an error."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from tests import inprocess
from tests.intake.sheets import DUTIES, workbook
from tracker.db import Database
from tracker.directory.user import User
from tracker.events import Event
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.storage import StoredFile

UNCLEAR = (*DUTIES, (4, "巡查库区", "库区管理站、各有关单位", "2026年44月底"))


class Shell:
    """Runs `tracker` in an instance of its own; in a process of its own if `apart`."""

    def __init__(self, folder: Path, database: Database, *, apart: bool = False) -> None:
        self.folder, self.apart = folder, apart
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")},
            "TRACKER_INSTANCE": str(folder / "instance"),
            "TRACKER_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        }

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        if not self.apart:
            return inprocess.tracker(arguments, self.environment, stdin)
        return subprocess.run(
            [sys.executable, "-m", "tracker", *arguments], env=self.environment, input=stdin,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def json(self, *arguments: str) -> Any:
        answer = self.run(*arguments, "--json")
        return json.loads(answer.stdout)

    def file(self, rows: Any, name: str = "重点任务.xlsx") -> str:
        path = self.folder / name
        path.write_bytes(workbook(rows))
        return str(path)


@pytest.fixture
def shell(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Shell:
    return Shell(tmp_path, database, apart=request.node.get_closest_marker("process") is not None)


@pytest.fixture
def directory(shell: Shell) -> str:
    path = shell.folder / "名录.xlsx"
    names = [(n, name) for n, name in enumerate(("清河县教育体育局", "清河县财政局"), 1)]
    path.write_bytes(workbook(names, head=("序号", "单位全称"), title=""))
    return str(path)


@pytest.mark.only_on("sqlite")
@pytest.mark.process
def test_read_needs_no_database(shell: Shell) -> None:
    shell.environment["TRACKER_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    found = shell.json("read", shell.file(DUTIES))
    (table,) = found["tables"]
    assert (table["kind"], len(table["tasks"])) == ("plan", 3)
    assert table["tasks"][0]["deadline"]["due_on"] == "2026-06-30"


def uploads(shell: Shell) -> list[str]:
    """The names of the kept files on disk."""
    return [path.name for path in (shell.folder / "instance" / "uploads").iterdir()]


def test_a_list_of_departments_is_kept_as_it_was_sent(
    shell: Shell, database: Database, directory: str
) -> None:
    assert shell.run("department", "import", directory).returncode == 0
    with database.reading() as session:
        (file,) = session.exec(select(StoredFile)).all()
        (event,) = session.exec(select(Event).where(Event.verb == "directory.imported")).all()
    assert (file.name, [file.key]) == ("名录.xlsx", uploads(shell))
    assert event.data["file_id"] == file.id


def test_a_file_that_lists_no_departments_is_told_and_not_kept(
    shell: Shell, directory: str
) -> None:
    answer = shell.run("department", "import", shell.file(DUTIES))
    assert (answer.returncode, uploads(shell)) == (1, [])
    assert "没有找到机构名录" in answer.stderr


def test_without_apply_nothing_is_written(shell: Shell, directory: str) -> None:
    assert shell.run("department", "import", directory).returncode == 0
    (known,) = uploads(shell)
    found = shell.json("import", shell.file(DUTIES))
    assert (found["new"], found["applied"], found["batch"]) == (3, False, None)
    assert shell.json("export", "--list") == []
    assert uploads(shell) == [known]


@pytest.mark.only_on("sqlite")
@pytest.mark.process
def test_open_questions_block_with_1_and_are_printed(shell: Shell, directory: str) -> None:
    shell.run("department", "import", directory)
    answer = shell.run("import", shell.file(UNCLEAR), "--apply", "--json")
    asked = {(q["code"], q["value"]): q["proposed"] for q in json.loads(answer.stdout)["questions"]}
    assert answer.returncode == 1
    assert asked == {
        ("unknown_name", "库区管理站"): "库区管理站",
        ("open_group", "各有关单位"): None,
        ("damaged_deadline", "2026年44月底"): "2026-04-30",
    }
    assert "任务!D6" in answer.stderr
    assert shell.json("export", "--list") == []


def test_accepted_proposals_never_guess_a_date(
    shell: Shell, directory: str, database: Database
) -> None:
    shell.run("department", "import", directory)
    found = shell.json("import", shell.file(UNCLEAR), "--accept-proposals", "--apply")
    assert (found["new"], found["applied"]) == (4, True)
    assert shell.json("export", "--list") == [{"id": 1, "name": "2026年重点任务", "tasks": 4}]
    with database.reading() as session:
        doubtful = session.exec(select(Task).where(Task.number == "4")).one()
    assert (doubtful.due_on, doubtful.deadline_text) == (None, "2026年44月底")
    again = shell.json("import", shell.file(UNCLEAR), "--accept-proposals", "--apply")
    assert (again["new"], again["changed"], again["unchanged"], again["missing"]) == (0, 0, 4, 0)


def test_answers_from_a_file_are_taken(shell: Shell, directory: str, database: Database) -> None:
    shell.run("department", "import", directory)
    answers = shell.folder / "answers.json"
    answers.write_text(
        json.dumps(
            [
                {
                    "value": "库区管理站",
                    "answer": {"take": "department", "department": "清河县财政局"},
                },
                {
                    "value": "各有关单位",
                    "answer": {"take": "members", "departments": ["清河县教育体育局"]},
                },
                {"value": "2026年44月底", "answer": {"take": "date", "date": "2026-04-30"}},
            ]
        )
    )
    found = shell.json("import", shell.file(UNCLEAR), "--answers", str(answers), "--apply")
    assert found["applied"]
    with database.reading() as session:
        task = session.exec(select(Task).where(Task.number == "4")).one()
        parts = session.exec(select(Assignment).where(Assignment.task_id == task.id)).all()
    assert str(task.due_on) == "2026-04-30"
    assert {part.as_written for part in parts} == {"库区管理站", "各有关单位"}
    output = shell.folder / "台账.xlsx"
    assert shell.run("export", "1", "-o", str(output)).returncode == 0
    assert output.stat().st_size > 4000


@pytest.mark.parametrize(
    "written",
    ['{"value": "一"}', "[1]", '[{"value": "一"}]', '[{"value": "一", "answer": 2}]', "["],
)
def test_answers_in_another_shape_are_told_in_one_line(
    shell: Shell, directory: str, written: str
) -> None:
    answers = shell.folder / "answers.json"
    answers.write_text(written)
    answer = shell.run("import", shell.file(UNCLEAR), "--answers", str(answers), "--apply")
    assert (answer.returncode, len(answer.stderr.strip().splitlines())) == (1, 1)


def test_an_export_that_cannot_be_written_is_told(shell: Shell, directory: str) -> None:
    shell.run("department", "import", directory)
    shell.run("import", shell.file(DUTIES), "--accept-proposals", "--apply")
    for plan, output in (("1", shell.folder / "没有" / "台账.xlsx"), ("9" * 30, "台账.xlsx")):
        answer = shell.run("export", plan, "-o", str(output))
        assert (answer.returncode, len(answer.stderr.strip().splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export", "没有的计划", "-o", "x.xlsx"), 1),
        (("import", "missing.xlsx"), 1),
        (("import",), 2),
        (("nonsense",), 2),
        (("remind", "--on", "tomorrow"), 2),
        (("export", "--layout", "poster"), 2),
        (("user", "disable", "nobody"), 1),
    ],
)
def test_an_error_is_one_line_with_its_exit_code(
    shell: Shell, arguments: tuple[str, ...], code: int
) -> None:
    answer = shell.run(*arguments)
    assert answer.returncode == code
    assert "Traceback" not in answer.stderr
    if code == 1:
        assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.only_on("sqlite")
@pytest.mark.process
def test_a_person_is_added_and_disabled(shell: Shell, directory: str, database: Database) -> None:
    shell.run("department", "import", directory)
    added = shell.run(
        "user", "add", "clerk1", "--name", "经办人", "--role", "clerk", "--department", "清河县财政局",
        "--email", "clerk1@qinghe.example", stdin="a long password\n",
    )  # fmt: skip
    assert (added.returncode, shell.run("user", "disable", "clerk1").returncode) == (0, 0)
    with database.reading() as session:
        assert session.exec(select(User).where(User.login == "clerk1")).one().disabled_at


def test_remind_prints_what_it_planned_and_plans_it_once(shell: Shell, directory: str) -> None:
    shell.run("department", "import", directory)
    shell.run(
        "user", "add", "clerk1", "--name", "经办人", "--role", "clerk", "--department", "清河县财政局",
        "--email", "clerk1@qinghe.example", stdin="a long password\n",
    )  # fmt: skip
    shell.run("import", shell.file(DUTIES), "--apply")
    dry = shell.json("remind", "--on", "2026-06-26", "--dry-run")
    first = shell.json("remind", "--on", "2026-06-26")
    second = shell.json("remind", "--on", "2026-06-26")
    planned = [{"recipient": "clerk1@qinghe.example", "rule": "due_soon", "tasks": 2}]
    assert (dry["planned"], first["planned"], second["planned"]) == (planned, planned, [])


def test_check_finds_a_file_that_is_gone(shell: Shell, directory: str) -> None:
    shell.run("department", "import", directory)
    shell.run("import", shell.file(DUTIES), "--apply")
    for path in (shell.folder / "instance" / "uploads").iterdir():
        path.unlink()
    answer = shell.run("check")
    assert answer.returncode == 1
    assert "缺失" in answer.stderr


def test_check_finds_a_file_that_says_something_else(shell: Shell, directory: str) -> None:
    shell.run("department", "import", directory)
    (kept,) = (shell.folder / "instance" / "uploads").iterdir()
    assert "文件" not in shell.run("check").stderr
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert "与收到时不同" in shell.run("check").stderr


@pytest.mark.process
def test_another_versions_schema_is_refused(shell: Shell, database: Database) -> None:
    import sqlalchemy as sa

    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    answer = shell.run("export", "--list")
    assert answer.returncode == 1
    assert "tracker migrate" in answer.stderr


def test_an_answer_of_the_file_counts_before_what_an_earlier_file_taught(
    shell: Shell, directory: str, database: Database
) -> None:
    shell.run("department", "import", directory)
    head = ("序号", "工作任务", "责任单位", "责任部门", "完成时限")
    rows = ((1, "清点操场器材", "教育体育局", "财政局", "2026年6月底"),)
    said = {"code": "ambiguous_header", "value": "C列“责任单位”、D列“责任部门”"}
    leads = []
    for year, option in (("2026", "责任部门"), ("2027", "责任单位")):
        file, answers = shell.folder / f"{year}.xlsx", shell.folder / f"{year}.json"
        file.write_bytes(workbook(rows, head, f"{year}年器材清点计划"))
        chosen = {**said, "answer": {"take": "choice", "option": option}}
        answers.write_text(json.dumps([chosen]))
        assert shell.json("import", str(file), "--answers", str(answers), "--apply")["applied"]
        with database.reading() as session:
            part = select(Assignment.as_written).where(Assignment.role == "lead")
            leads.append(session.exec(part.order_by(col(Assignment.id).desc())).first())
    assert leads == ["财政局", "教育体育局"]
