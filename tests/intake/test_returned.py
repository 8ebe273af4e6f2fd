"""A corrected copy goes on with its batch; any other file with its mark is said to be another."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from sqlmodel import col, select

from importers import Reading
from tests.conftest import NOON, Office
from tests.exchange.test_doubts import UNCLEAR, copied, unanswered
from tests.exchange.test_exports import rows_of, sheets_of
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_applying import apply, undo
from tracker.actor import COMMAND_LINE, Actor, Role
from tracker.db import Database
from tracker.directory.department import Department
from tracker.errors import Forbidden
from tracker.events import Event
from tracker.exchange.doubts import BEGINS, COLOUR
from tracker.exchange.export import Layout
from tracker.intake import answering, continuing, kept, uploading
from tracker.intake.batch import Batch
from tracker.intake.continuing import Copy, TakenIn
from tracker.intake.question import Question
from tracker.intake.returned import FIRST_LOOK, HEADER, PROPERTY
from tracker.settings import Settings
from tracker.storage import StoredFile

Change = Callable[[Workbook], None]


def corrected(content: bytes, change: Change = lambda _book: None) -> bytes:
    """The copy after somebody has worked on it and saved it."""
    book = load_workbook(BytesIO(content))
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_a_date(book: Workbook) -> None:
    book.worksheets[0]["D6"] = "2026年4月底"


def sent(
    database: Database, settings: Settings, content: bytes, *, plan_name: str = "",
    issued_on: date | None = None, by: Actor = COMMAND_LINE,
) -> tuple[int, TakenIn]:  # fmt: skip
    """The file as the import page takes it in: the batch's id and what is said."""

    def recall(key: str, seen: Reading) -> uploading.Recalled | None:
        with database.reading() as session:
            return continuing.recalled(session, key, seen)

    upload = uploading.receive(
        BytesIO(content), name="副本.xlsx", settings=settings, at=NOON, by=by,
        issued_on=issued_on, recall=recall,
    )  # fmt: skip
    with database.writing() as session:
        taken = continuing.take_in(
            session, upload, plan_name=plan_name, issued_on=issued_on, by=by, at=NOON,
            on=NOON.date(),
        )  # fmt: skip
        return taken.batch.id or 0, taken


def questions(database: Database, ident: int) -> dict[str, Question]:
    with database.reading() as session:
        return {q.value: q for q in answering.questions_of(session, session.get_one(Batch, ident))}


def answer(database: Database, ident: int, value: str, **given: object) -> None:
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        question = session.exec(
            select(Question).where(Question.batch_id == ident, Question.value == value)
        ).one()
        answering.answer(session, batch, question.id or 0, given, by=COMMAND_LINE, at=NOON)


@pytest.fixture
def batch(database: Database, settings: Settings) -> int:
    return unanswered(database, settings, workbook(UNCLEAR))


@pytest.fixture
def copy(database: Database, settings: Settings, batch: int) -> bytes:
    return copied(database, settings, batch)


def test_a_corrected_copy_goes_on_with_its_batch_and_its_answers(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    answer(database, batch, "库区管理站", take="new", name="库区管理站")
    ident, taken = sent(database, settings, corrected(copy, with_a_date))
    assert (ident, taken.copy) == (batch, Copy.GOES_ON)
    found = questions(database, batch)
    assert found.keys() == {"库区管理站", "各有关单位"}
    assert found["库区管理站"].answer == {"take": "new", "name": "库区管理站"}
    assert found["各有关单位"].answer is None
    with database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, batch).reading)
        (event,) = session.exec(select(Event).where(Event.verb == "batch.reread")).all()
        assert session.get_one(StoredFile, event.data["before"])
    assert str(reading.tasks[3].deadline.due_on) == "2026-04-30"
    assert (event.subject_id, reading.tasks[3].fields) == (batch, {})


def test_nothing_of_ours_is_imported(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    before = kept_reading(database, batch)
    sent(database, settings, corrected(copy))
    assert kept_reading(database, batch) == before


def kept_reading(database: Database, ident: int) -> object:
    with database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    return reading.to_json()["tables"], reading.tables[0].last_column


def with_a_column_before(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.insert_cols(2)
    sheet["B2"] = "联系电话"
    sheet["B3"] = "0477-1"


def with_words_of_his_own(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet["E6"], sheet["E3"] = "已按批注改好", "无问题"


@pytest.mark.parametrize("change", [with_a_column_before, with_words_of_his_own])
def test_our_column_is_found_wherever_it_stands_now(
    database: Database, settings: Settings, batch: int, copy: bytes, change: Change
) -> None:
    ident, _taken = sent(database, settings, corrected(copy, change))
    with database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    assert {header for task in reading.tasks for header in task.fields} <= {"联系电话"}
    assert ident == batch


def test_plan_name_and_day_of_issue_stay(database: Database, settings: Settings) -> None:
    rows = [(1, "核对校车线路", "财政局", "4月底前"), (2, "巡查库区", "库区管理站", "6月44日")]
    upload = uploading.receive(
        BytesIO(workbook(rows, title="重点任务")), name="a.xlsx", settings=settings, at=NOON,
        by=COMMAND_LINE, issued_on=date(2024, 3, 1),
    )  # fmt: skip
    with database.writing() as session:
        made = uploading.lay_out(
            session, upload, plan_name="一号计划", issued_on=date(2024, 3, 1), by=COMMAND_LINE,
            at=NOON, on=NOON.date(),
        )  # fmt: skip
        ident = made.id or 0
    again, _taken = sent(database, settings, copied(database, settings, ident))
    with database.reading() as session:
        batch = session.get_one(Batch, again)
        reading = kept.unpack(batch.reading)
    assert (again, batch.plan_name, batch.issued_on) == (ident, "一号计划", date(2024, 3, 1))
    assert str(reading.tasks[0].deadline.due_on) == "2024-04-30"


def test_a_copy_of_a_batch_that_was_applied_is_a_later_version(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    with database.writing() as session:
        answering.accept_proposals(session, session.get_one(Batch, batch), by=COMMAND_LINE, at=NOON)
    apply(database, batch)
    ident, taken = sent(database, settings, corrected(copy, with_a_date))
    assert ident != batch and "已经导入" in taken.said
    assert taken.batch.plan_name == "计划"


def test_a_copy_of_a_batch_that_was_undone_is_laid_out_anew(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    with database.writing() as session:
        answering.accept_proposals(session, session.get_one(Batch, batch), by=COMMAND_LINE, at=NOON)
    apply(database, batch)
    undo(database, batch)
    ident, taken = sent(database, settings, copy)
    assert ident != batch and "已经撤销" in taken.said


def test_a_mark_in_another_workbook_does_not_touch_the_batch(
    database: Database, settings: Settings, batch: int
) -> None:
    before = kept_reading(database, batch)
    with database.reading() as session:
        key = session.get_one(Batch, batch).key
    other = [(n, f"巡查第{n}处桥梁", "财政局", "年底前") for n in range(1, 4)]

    def marked(book: Workbook) -> None:
        book.custom_doc_props.append(StringProperty(name=PROPERTY, value=key))

    content = corrected(workbook(other, title="2026年桥梁巡查计划"), marked)
    ident, taken = sent(database, settings, content)
    assert ident != batch and "另一份表" in taken.said
    assert taken.batch.plan_name == "2026年桥梁巡查计划"
    assert kept_reading(database, batch) == before


@pytest.mark.parametrize("key", ["0" * 32, "../../etc/passwd", "", "x" * 5000, "' OR 1=1--"])
def test_a_mark_that_nobody_knows_is_an_ordinary_file(
    database: Database, settings: Settings, key: str
) -> None:
    def marked(book: Workbook) -> None:
        book.custom_doc_props.append(StringProperty(name=PROPERTY, value=key))

    _ident, taken = sent(database, settings, corrected(workbook(DUTIES), marked))
    assert taken.said == ("" if key != "0" * 32 else
                          "文件带有批次标记，但这里没有那一批，已按新文件核对。")  # fmt: skip


def test_another_plan_name_asks_for_a_new_batch(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    ident, taken = sent(database, settings, copy, plan_name="二号计划")
    assert ident != batch and "计划名称" in taken.said
    assert taken.batch.plan_name == "二号计划"


def test_only_who_may_import_goes_on_with_a_batch(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    clerk = Actor(None, "经办人", frozenset({Role.CLERK}))
    with pytest.raises(Forbidden):
        sent(database, settings, copy, by=clerk)


def test_a_department_is_not_let_to_the_copy_nor_to_go_on(office: Office) -> None:
    ident = unanswered(office.database, office.settings, workbook(UNCLEAR))
    content = copied(office.database, office.settings, ident)
    browser = office.client_as("edu")
    assert browser.get(f"/imports/{ident}/copy").status_code == 403
    answer = browser.post("/imports", data={"file": (BytesIO(content), "副本.xlsx")})
    assert answer.status_code == 403


def test_on_the_page_the_copy_comes_back_to_the_same_address(office: Office) -> None:
    ident = unanswered(office.database, office.settings, workbook(UNCLEAR))
    browser = office.client_as("office")
    page = browser.get(f"/imports/{ident}").get_data(as_text=True)
    assert f'href="/imports/{ident}/copy"' in page
    copy = browser.get(f"/imports/{ident}/copy")
    assert "attachment" in copy.headers["Content-Disposition"]
    answer = browser.post(
        "/imports", data={"file": (BytesIO(corrected(copy.data, with_a_date)), "副本.xlsx")}
    )
    assert answer.headers["Location"] == f"/imports/{ident}"
    assert "接着原来的批次核对" in browser.get(f"/imports/{ident}").get_data(as_text=True)


def test_a_refused_copy_leaves_the_batch_as_it_was(
    office: Office, batch_of: Callable[[], int]
) -> None:
    ident = batch_of()
    before = kept_reading(office.database, ident)
    copy = copied(office.database, office.settings, ident)

    def without_tasks(book: Workbook) -> None:
        book.worksheets[0].delete_rows(2, 10)

    data = {"file": (BytesIO(corrected(copy, without_tasks)), "副本.xlsx")}
    assert office.client_as("office").post("/imports", data=data).status_code == 422
    assert kept_reading(office.database, ident) == before


@pytest.fixture
def batch_of(office: Office) -> Callable[[], int]:
    return lambda: unanswered(office.database, office.settings, workbook(UNCLEAR))


def test_a_second_copy_marks_only_what_is_still_open(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    sent(database, settings, corrected(copy, with_a_date))
    sheet = load_workbook(BytesIO(copied(database, settings, batch))).worksheets[0]
    assert sheet["D6"].comment is None and sheet["D6"].fill.fgColor.rgb != COLOUR
    assert sheet["C6"].comment.text.count(BEGINS) == 1
    assert [c.value for c in sheet[2]].count(HEADER) == 1


def test_the_plans_own_layout_goes_out_without_our_marks(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    sent(database, settings, corrected(copy, with_a_date))
    with database.writing() as session:
        answering.accept_proposals(session, session.get_one(Batch, batch), by=COMMAND_LINE, at=NOON)
        session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
    apply(database, batch)
    (sheet,) = sheets_of(database, settings, Layout.ORIGINAL)
    words = rows_of(sheet)
    assert HEADER not in words and FIRST_LOOK not in words
    assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.comment]
    assert COLOUR not in {c.fill.fgColor.rgb for row in sheet.iter_rows() for c in row}
    with database.reading() as session:
        assert session.exec(select(Department).where(Department.name == "库区管理站")).one()


def test_a_copy_with_other_headers_is_another_table_whatever_its_title(
    database: Database, settings: Settings, batch: int, copy: bytes
) -> None:
    def other(book: Workbook) -> None:
        sheet = book.worksheets[0]
        for cell, header in zip(
            sheet[2], ("编号", "督办事项", "主办单位", "截止日期"), strict=False
        ):
            cell.value = header

    ident, taken = sent(database, settings, corrected(copy, other))
    assert (ident != batch, taken.copy) == (True, Copy.OTHER_TABLE)


def test_a_column_of_that_name_on_a_sheet_without_questions_is_the_offices_own(
    database: Database, settings: Settings
) -> None:
    book = load_workbook(BytesIO(workbook(UNCLEAR)))
    sheet = book.create_sheet("整改")
    head = ("序号", "工作任务", "责任单位", "完成时限", HEADER)
    for row in (("2026年整改",), head, (1, "修缮看台", "财政局", "2026年8月底", "门锁坏了")):
        sheet.append(row)
    target = BytesIO()
    book.save(target)
    ident = unanswered(database, settings, target.getvalue())
    came, _taken = sent(database, settings, copied(database, settings, ident))
    assert came == ident
    with database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    assert [task.fields for task in reading.tasks if task.fields] == [{HEADER: "门锁坏了"}]
