"""Sample pages of a made-up county, to be looked at.

`python -m tests.shell.lookbook FOLDER` renders them and takes a picture of each at
1366x768 and 390x844, light and dark, with the system's Chromium, under the strict
Content-Security-Policy the app sends. `--serve` keeps the pages up for a browser instead.
"""

from __future__ import annotations

import argparse
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

import jinja2

from tests.browser.chromium import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "tracker" / "web" / "static"
TODAY = date(2026, 4, 28)
PAGES = ("inbox", "task", "plan", "review", "signin", "pieces")
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; script-src 'self' 'nonce-lookbook'; "
    "style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

RAIL = (
    # label, icon, on the phone's bottom bar (or only there)
    ("我的待办", "inbox", True),
    ("计划", "table", True),
    ("汇总", "collection", False),
    ("审核", "clipboard-check", False),
    ("测评", "award", False),
    ("检查", "qr-code-scan", "only"),
    ("提醒", "bell", False),
    ("监控", "speedometer2", False),
    ("通报", "megaphone", False),
    ("名录", "people", False),
    ("设置", "gear", False),
    ("我", "person-circle", "only"),
)

DEPARTMENTS = (
    *("教育体育局", "卫生健康局", "住房城乡建设局", "交通运输局", "生态环境局"),
    *("市场监管局", "水务局", "商务局", "城市管理局", "文化旅游局"),
)


def task(
    number: int,
    text: str,
    due: date | None,
    code: str,
    words: str,
    state: str,
    lead: str = "教育体育局",
    **more: Any,
) -> Thing:
    facts = {"role": "牵头", "step": "报进展", "letter": None, "points": 2, **more}
    return Thing(
        number=number,
        text=text,
        due=due,
        code=code,
        words=words,
        state=state,
        lead=f"清河县{lead}",
        **facts,
    )


TASKS = (
    task(
        7,
        "完成全县中小学校饮用水设施检测，不合格的立即停用并更换，检测报告在校内公示；对农村教学点的自备水井逐一建立台账，"
        "明确责任人和巡查周期，台账随检测报告一并报送。",
        date(2026, 4, 21),
        "overdue",
        "逾期 5 天",
        "returned",
        step="改后重报",
        letter="yellow",
    ),
    task(
        12,
        "开学前后校园周边食品摊点联合检查",
        date(2026, 4, 24),
        "overdue",
        "逾期 2 天",
        "in_progress",
        role="配合",
        lead="市场监管局",
    ),
    task(
        15,
        "健康教育课开课率达到 100%，有教案、有课表",
        TODAY,
        "due_soon",
        "今天到期",
        "in_progress",
        step="申请办结",
    ),
    task(
        21,
        "学校卫生间改造（第二批 14 所）",
        date(2026, 4, 30),
        "due_soon",
        "还有 2 个工作日",
        "in_progress",
    ),
    task(
        33,
        "无烟学校建设资料归档",
        date(2026, 6, 30),
        "normal",
        "还有 43 个工作日",
        "issued",
        step="签收",
    ),
    task(
        34,
        "学校病媒生物防制设施配备",
        date(2027, 3, 31),
        "normal",
        "还有 230 个工作日",
        "issued",
        step="签收",
        role="配合",
        lead="卫生健康局",
    ),
    task(41, "师生健康档案常态更新", None, "none", "无时限", "in_progress"),
    task(
        44,
        "近视防控宣传月活动",
        date(2026, 4, 10),
        "completed",
        "提前 3 天办结",
        "completed",
        step=None,
    ),
)

MARKS = {
    # task number → column → (role, light)
    7: {0: ("lead", "overdue"), 6: ("support", "normal"), 1: ("support", "due_soon")},
    12: {5: ("lead", "overdue"), 0: ("support", "overdue"), 8: ("support", "completed")},
    15: {0: ("lead", "due_soon"), 1: ("support", "normal")},
    21: {0: ("lead", "due_soon"), 2: ("support", "normal")},
    33: {0: ("lead", "normal"), 9: ("support", "normal"), 1: ("support", "completed")},
    34: {1: ("lead", "normal"), 0: ("support", "normal"), 2: ("support", "none")},
    41: {0: ("lead", "none"), 1: ("support", "none")},
    44: {0: ("lead", "completed"), 9: ("support", "completed")},
}

OUTLINE = (
    ("一、组织管理", 14, "completed", ()),
    ("二、健康教育", 36, "due_soon", (("（一）学校健康教育", 8), ("（二）公共场所宣传", 28))),
    ("三、市容环境卫生", 52, "normal", ()),
    ("四、重点场所卫生", 40, "overdue", ()),
    ("五、病媒生物防制", 30, "none", ()),
)


def gettext(text: str, **values: Any) -> str:
    return text % values if values else text


def environment(actor: Thing | None, flashes: tuple[tuple[str, str], ...] = ()) -> Any:
    folders = [ROOT / "templates", Path(__file__).parent / "pages"]
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    nav = [
        Thing(endpoint="x", label=label, icon=icon, url="#", active=at == 0, phone=phone)
        for at, (label, icon, phone) in enumerate(RAIL)
    ]
    plans = [
        Thing(label="全部计划", url="#", active=False),
        Thing(label="2026 年创建国家卫生县责任分解", url="#", active=True),
        Thing(label="2026 年重点民生实事", url="#", active=False),
    ]
    jinja.globals.update(
        _=gettext,
        csrf_token=lambda: "sample",
        csp_nonce=lambda: "lookbook",
        static_url=lambda path: f"/static/{path}",
        url_for=lambda endpoint, **_values: "/" + endpoint,
        get_flashed_messages=lambda with_categories=False: list(flashes),  # noqa: ARG005
        nav=nav,
        actor=actor,
        locale="zh_CN",
        plan_switcher=plans,
        request=Thing(args={}, full_path="/"),
        today=TODAY,
        page_url=lambda number: f"?page={number}",
        tasks=TASKS,
        departments=DEPARTMENTS,
        marks=MARKS,
        outline=OUTLINE,
    )
    return jinja


def render(folder: Path) -> None:
    """Write the sample pages into `folder` as NAME.html."""
    clerk = Thing(
        user_id=1, name="经办人甲", post_title="经办人", department_name="清河县教育体育局"
    )
    done = (("success", "已签收 2 项。"),)
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        jinja = environment(None if page == "signin" else clerk, done if page == "inbox" else ())
        (folder / f"{page}.html").write_text(jinja.get_template(f"{page}.html").render(), "utf-8")
    wrong = environment(clerk).get_template("errors/error.html")
    (folder / "error.html").write_text(
        wrong.render(
            title="没有找到这个页面",
            message="地址 /tasks/9120 没有对应的任务，或者它不归您查看。",
            next_url="#",
            next_label="回到我的待办",
            request_id="7f3a-20c1",
        ),
        "utf-8",
    )


class Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        if path.startswith("/static/"):
            return str(STATIC / path.removeprefix("/static/"))
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *_words: object) -> None:
        """Stay quiet."""


class Server(ThreadingHTTPServer):
    def handle_error(self, *_request: object) -> None:
        """A browser that leaves early is no news."""


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[str]:
    handler = functools.partial(Handler, directory=str(folder))
    server = Server(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def shoot(folder: Path, pages: tuple[str, ...], full: bool) -> None:
    from playwright.sync_api import sync_playwright

    with served(folder) as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for size, (width, height) in {"desk": (1366, 768), "phone": (390, 844)}.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                page.on("console", lambda message: print("console:", message.text))
                page.on("pageerror", lambda error: print("error:", error))
                for name in pages:
                    page.goto(f"{base}/{name}.html")
                    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    if over > 0:
                        print(f"{name} {size}: {over} px too wide")
                    page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=full)
                context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--only", choices=(*PAGES, "error"), action="append")
    parser.add_argument("--full", action="store_true", help="the whole page, not one screen")
    asked = parser.parse_args()
    render(asked.folder)
    if asked.serve:
        with served(asked.folder, 8765) as base:
            print(f"{base}/inbox.html")
            threading.Event().wait()
    shoot(asked.folder, tuple(asked.only or (*PAGES, "error")), asked.full)


if __name__ == "__main__":
    main()
