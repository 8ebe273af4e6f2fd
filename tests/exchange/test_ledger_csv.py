"""The ledger as CSV: text that no program runs, and that comes back as it went out."""

import csv
import io
from io import BytesIO

import pytest

from importers.book import read_book
from tests.conftest import NOON, Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, look, take_out
from tests.exchange.test_ledger_file import HOSTILE, KEY, known, with_text
from tests.work.acting import SOLE, signed
from tracker.exchange import ledger_csv
from tracker.exchange.cells import guarded, held, unguarded
from tracker.exchange.export import Layout
from tracker.exchange.merging.fields import BY_KEY
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.recognising import recognise
from tracker.exchange.merging.rowmark import HEADER

Rows = list[list[str]]


def rows_of(content: bytes) -> Rows:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(rows: Rows) -> bytes:
    """As Excel saves it."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def test_it_is_text_as_excel_wants_it(office: Office) -> None:
    content = take_out(office, layout=Layout.CSV)
    assert content.startswith("\ufeff序号,编号".encode())
    assert b"\n" not in content.replace(b"\r\n", b"")
    heading, *rows = rows_of(content)
    assert heading[-1] == HEADER
    assert {len(row) for row in rows} == {len(heading)}


@pytest.mark.parametrize("plan", [CIVIL, SERVICE])
@pytest.mark.parametrize("department", [None, EDU])
def test_an_untouched_one_changes_nothing(
    office: Office, plan: str, department: str | None
) -> None:
    content = take_out(office, plan=plan, layout=Layout.CSV, department=department)
    for sent in (content, saved(rows_of(content))):
        merged = look(office, sent, name="台账.csv")
        assert merged.changes == [] and merged.unchanged
        assert (merged.missing, merged.foreign, merged.twice, merged.new) == ([], [], [], [])


def test_what_was_written_into_it_is_found(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    heading, *rows = rows_of(take_out(office, plan=SERVICE, layout=Layout.CSV, department=EDU))
    (row,) = [row for row in rows if row[-1].endswith(f"-{part.id}")]
    row[heading.index(BY_KEY["progress"].header)] = "离线写的"
    (change,) = look(office, saved([heading, *rows]), "edu", "台账.csv").of(Kind.THEIRS)
    assert (change.cell.field, change.theirs) == ("progress", "离线写的")


def test_no_text_is_a_formula_and_every_text_comes_back(office: Office) -> None:
    _plan, found = known(office, None)
    found = [with_text(found[0], text) for text in HOSTILE]
    target = BytesIO()
    ledger_csv.write(target, [found], key=KEY)
    heading, *rows = rows_of(target.getvalue())
    assert not [text for row in rows for text in row if text.strip()[:1] in tuple("=+-@＝＋－＠|%")]
    table = recognise(read_book(target.getvalue(), filename="台账.csv")).tables[KEY[:16]][0]
    place = list(table.columns).index("text")
    texts = [row.texts[place].strip() for row in table.rows][:: len(found[0].parts)]
    assert texts == [held(text).strip() for text in HOSTILE]  # the reader trims what CSV holds


@pytest.mark.parametrize(
    "text", ["=1", "'=1", "''=1", "'", "''", "正常", "'正常", "", " -1", "' -1"]
)
def test_an_apostrophe_of_ours_is_told_from_one_that_was_there(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith("=")


def test_the_page_hands_it_out(office: Office) -> None:
    plan = office.task("1) 公厕全天").plan_id
    answer = office.client_as("office").post(f"/plans/{plan}/exports", data={"layout": "csv"})
    assert answer.mimetype == "text/csv"
    assert NOON.strftime("%Y") in answer.headers["Content-Disposition"]
    assert rows_of(answer.data)[0][-1] == HEADER
