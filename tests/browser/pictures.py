"""The README's pictures: `python -m tests.browser.pictures docs/pictures`.

The demo world as it stands at NOON, its first plan, and an import with its questions open.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from openpyxl import load_workbook
from playwright.sync_api import sync_playwright

from tests.browser import steps
from tests.browser.chromium import CHROMIUM
from tests.browser.conftest import served
from tests.browser.person import DESK, Person
from tests.browser.png import small
from tests.conftest import NOON
from tests.intake.sheets import workbook
from tracker import clock, schema
from tracker.db import Database
from tracker.demo import world
from tracker.demo.cast import PASSWORD
from tracker.settings import Settings
from tracker.web.app import create_app

ROWS = (
    (1, "公共场所控烟标识补齐，设置吸烟点", "卫健委、文旅局、爱卫办", "2026年4月底前"),
    (2, "农贸市场病媒生物防制设施检查", "市场监管局、爱卫办", "2026年4月底前"),
    (3, "河道两岸垃圾清理，责任到段", "水利局、各镇", "2026年44月底"),
    (4, "老旧小区楼道堆物清理", "住建局、城关镇、物业中心", "2026年4月底前"),
    (5, "校园周边食品摊点联合检查", "教体局、市场监管局", "2026年44月底"),
    (6, "背街小巷路灯检修", "城管局、供电公司", "2026年5月底前"),
    (7, "公交站台保洁，破损站牌更换", "交通局、公交公司", "2026年5月底前"),
    (8, "健康知识宣传进村入户", "卫健委、各相关单位", "2026年6月底前"),
    (9, "院落绿化补植", "各单位", "2026年6月底前"),
    (10, "乡镇卫生院候诊区整治", "卫健委、各乡镇", "2026年6月底前"),
)


def spring() -> bytes:
    """A plan that raises questions, its title across the table."""
    book = load_workbook(BytesIO(workbook(ROWS, title="春季爱国卫生行动任务分解表")))
    book.worksheets[0].merge_cells("A1:D1")
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def take(person: Person, file: Path) -> None:
    """One screen, without a moving cursor; raises ValueError for a picture too large to load."""
    person.page.wait_for_timeout(steps.READING)
    shot = person.page.screenshot(scale="css", caret="hide", animations="disabled")
    file.write_bytes(small(shot))
    if file.stat().st_size >= 200 * 1024:
        raise ValueError(f"{file.name} has {file.stat().st_size} bytes")


def pictures(base: str, folder: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        office = Person(browser.new_context(viewport=DESK).new_page(), base, phone=False)
        office.sign_in("office", PASSWORD)
        office.open("/plans/1")
        take(office, folder / "plan.png")
        file = {"name": "春季行动.xlsx", "mimeType": "application/octet-stream", "buffer": spring()}
        steps.drop(office, file, issued_on="2026-03-02")
        steps.answer(office, "爱卫办", "新建“爱卫办”")
        office.sees("“爱卫办” 新建单位 爱卫办")
        take(office, folder / "import.png")
        browser.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, patch.object(clock, "now", lambda: NOON):
        url = f"sqlite:///{home}/tracker.db"
        settings = Settings(instance=Path(home), database_url=url, secret_key="for pictures only")
        settings.uploads.mkdir(parents=True, exist_ok=True)
        database = Database(url)
        schema.migrate(database)
        world.load(database, settings, at=NOON)
        with served(create_app(settings, database)) as base:
            pictures(base, folder)
        database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
