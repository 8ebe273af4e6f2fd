"""Later versions, the same file twice, corrected copies and blank forms from the command line."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from tests.cli.test_commands import Shell, directory, shell
from tests.exchange.test_doubts import copied, unanswered
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_later_versions import PLAIN
from tracker.db import Database
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.plans.task import Task
from tracker.settings import Settings

__all__ = ["directory", "shell"]
CONTRACT = {
    "batch", "plan", "new", "changed", "unchanged", "missing", "invalid", "questions", "applied",
}  # fmt: skip
ALIKE = ((5, "完成西河镇污水处理厂配套管网建设", "教体局", "年底前"), PLAIN[1])


@pytest.fixture
def ready(shell: Shell, directory: str) -> Shell:
    """An office with its directory and the first version of a plan."""
    shell.run("department", "import", directory)
    assert shell.json("import", shell.file(PLAIN), "--apply")["applied"]
    return shell


def test_a_reworded_row_is_a_change(ready: Shell) -> None:
    rows = [(1, "按期完成东河镇污水处理厂配套管网的建设", *PLAIN[0][2:]), PLAIN[1]]
    found = ready.json("import", ready.file(rows), "--apply")
    assert (found["new"], found["changed"], found["missing"]) == (0, 1, 0)
    assert found.keys() == CONTRACT | {"same_file"}


def test_a_doubtful_pair_blocks_until_it_is_answered(ready: Shell, database: Database) -> None:
    file = ready.file(ALIKE)
    answer = ready.run("import", file, "--apply", "--json")
    assert answer.returncode == 1
    assert "same_task" in answer.stderr
    found = ready.json("import", file, "--accept-proposals", "--apply")
    assert (found["new"], found["changed"], found["missing"]) == (1, 0, 1)
    (question,) = found["questions"]
    assert (question["code"], question["value"]) == ("same_task", ALIKE[0][1])


def test_a_doubtful_pair_is_answered_from_a_file(ready: Shell, database: Database) -> None:
    answers = ready.folder / "answers.json"
    answers.write_text(
        f'[{{"code": "same_task", "value": "{ALIKE[0][1]}", "answer": {{"take": "same"}}}}]'
    )
    found = ready.json("import", ready.file(ALIKE), "--answers", str(answers), "--apply")
    assert (found["new"], found["changed"], found["missing"]) == (0, 1, 0)
    with database.reading() as session:
        assert len(session.exec(select(Task.id)).all()) == 2


def test_the_same_file_twice_is_told_with_the_batch(ready: Shell) -> None:
    file = str(ready.folder / "重点任务.xlsx")  # written once: a workbook made anew has other bytes
    answer = ready.run("import", file, "--apply")
    assert answer.returncode == 0
    (line,) = answer.stderr.strip().splitlines()
    assert line.startswith("这份文件与批次 1 的完全相同：") and "由命令行已导入" in line
    found = ready.json("import", file)
    assert [(one["batch"], one["state"]) for one in found["same_file"]] == [
        (2, "applied"), (1, "applied"),
    ]  # fmt: skip


def test_a_corrected_copy_goes_on_with_its_batch(
    shell: Shell, database: Database, tmp_path: Path
) -> None:
    settings = Settings(instance=shell.folder / "instance", secret_key="a key for tests only")
    unclear = (*DUTIES, (4, "巡查库区", "财政局", "2026年44月底"))
    ident = unanswered(database, settings, workbook(unclear))
    copy = tmp_path / "副本.xlsx"
    copy.write_bytes(copied(database, settings, ident))
    book = load_workbook(copy)
    book.worksheets[0]["D6"] = "2026年4月底"
    book.save(copy)
    looked = shell.run("import", str(copy))
    assert "接着原来的批次核对" in looked.stderr
    with database.reading() as session:
        assert session.exec(select(Question)).one()  # only a look: nothing was written
    found = shell.json("import", str(copy), "--apply")
    assert (found["batch"], found["new"], found["applied"]) == (ident, 4, True)
    with database.reading() as session:
        assert len(session.exec(select(Batch.id)).all()) == 1


def test_a_form_without_a_plan_and_one_for_a_plan(ready: Shell) -> None:
    output = ready.folder / "空白表.xlsx"
    for plan, title in (((), "年重点工作任务分解表"), (("1",), "2026年重点任务")):
        answer = ready.run("export", *plan, "--layout", "template", "-o", str(output))
        assert answer.returncode == 0
        assert title in load_workbook(output)["任务表"]["A1"].value
    missing = ready.run("export", "没有的计划", "--layout", "template", "-o", str(output))
    assert missing.returncode == 1
