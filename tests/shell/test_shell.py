"""The look keeps its promises: vendored files unchanged, strict templates, old browsers, contrast."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from tests.shell import lookbook

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "tracker" / "web" / "static"
CSS = (STATIC / "tracker.css").read_text("utf-8")
JS = (STATIC / "tracker.js").read_text("utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGE_TEMPLATES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT).parts]

_spec = importlib.util.spec_from_file_location("vendor_tool", ROOT / "tools" / "vendor.py")
assert _spec and _spec.loader
vendor_tool = importlib.util.module_from_spec(_spec)


@pytest.fixture(scope="module")
def tool():
    import sys

    sys.modules["vendor_tool"] = vendor_tool
    _spec.loader.exec_module(vendor_tool)
    return vendor_tool


# ---- what others wrote ----


def test_vendored_files_are_as_they_were_vendored(tool):
    assert tool.check() == []


def test_the_check_notices_a_changed_a_missing_and_an_unlisted_file(tool, tmp_path):
    copy = shutil.copytree(STATIC / "vendor", tmp_path / "vendor")
    (copy / "htmx-4.0.1" / "htmx.min.js").write_text("changed")
    (copy / "htmx-4.0.1" / "LICENSE").unlink()
    (copy / "stray.js").write_text("")
    assert tool.check(copy) == [
        "htmx-4.0.1/LICENSE is missing",
        "stray.js is not in VENDOR.json",
        "htmx-4.0.1/htmx.min.js differs from VENDOR.json",
    ]


def test_every_vendored_package_brings_its_licence():
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert all((folder / "LICENSE").is_file() for folder in folders)


def test_every_icon_a_template_names_is_in_the_sprite(tool):
    named = set()
    for path in PAGE_TEMPLATES:
        named |= set(re.findall(r"\bicon\('([a-z0-9-]+)'", path.read_text("utf-8")))
    assert named - set(tool.ICONS) == set()


def test_the_first_page_weighs_under_400_kb():
    """Scripts of single pages (evidence, visits) come with those pages."""
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    bases = "".join(path.read_text("utf-8") for path in (ROOT / "templates").glob("*.html"))
    files = [path for path in files if path.parent != STATIC or path.name in bases]
    assert sum(path.stat().st_size for path in files) < 390_000


# ---- templates ----


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_escape_everything(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", text)


@pytest.mark.parametrize("path", PAGE_TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_hold_to_the_strict_content_security_policy(path):
    text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.S)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert [tag for tag in scripts if "src=" not in tag and "nonce=" not in tag] == []
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text), "inline style sheet"
    assert not re.search(r"\son[a-z]+\s*=|\bhx-on|[\"']js:|javascript:", text), "inline handler"


@pytest.mark.parametrize("path", PAGE_TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_attribute_with_a_value_is_quoted(path):
    text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.S)
    text = re.sub(r"<script\b.*?</script>", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}", "", re.sub(r"{{.*?}}", "x", text, flags=re.S), flags=re.S)
    text = re.sub(r"=\"[^\"]*\"|='[^']*'", '=""', text)
    assert re.findall(r"<[a-z][^<>]*?\s[a-z-]+=[^\s\"'>]", text) == []


# ---- Chrome 109 ----

LATER_THAN_CHROME_109 = {
    "colour mixing (111)": r"color-mix\(|oklch\(|oklab\(|light-dark\(",
    "newer units and functions": r"\b(?:round|mod|rem|sin|cos|calc-size)\(",
    "view transitions and anchors (111+)": r"view-transition|anchor-name|position-area",
    "scope, starting style (117+)": r"@scope|@starting-style|@property\b",
    "text-wrap (114)": r"text-wrap",
    "unprefixed masks (120)": r"(?<!-webkit-)mask-image|(?<!-webkit-)\bmask:",
    "subgrid (117)": r"subgrid",
}


@pytest.mark.parametrize("name", LATER_THAN_CHROME_109)
def test_the_style_sheet_uses_nothing_newer_than_chrome_109(name):
    assert not re.search(LATER_THAN_CHROME_109[name], re.sub(r"/\*.*?\*/", "", CSS, flags=re.S))


def test_the_style_sheet_does_not_nest():
    depth_of_rules = 0
    for opened, closed in re.findall(r"([^{};]*{)|(})", re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)):
        if opened and not opened.strip().startswith("@"):
            depth_of_rules += 1
            assert depth_of_rules < 2, opened
        elif closed and depth_of_rules:
            depth_of_rules -= 1


def test_no_text_is_smaller_than_twelve_pixels():
    desk, phone = CSS.split("@media (max-width: 599.98px)")
    for part, root in ((desk, 14), (phone, 16)):
        for size, unit in re.findall(r"font-size:\s*([\d.]+)(rem|px)", part):
            assert float(size) * {"rem": root, "px": 1}[unit] >= 11.99


def test_the_script_neither_evaluates_nor_writes_markup():
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|window\.confirm", JS)


# ---- contrast ----


def scheme(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z_0-9-]+):\s*(#[0-9a-f]{6})", block))


LIGHT = scheme(CSS.split("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | scheme(CSS.split("@media (prefers-color-scheme: dark)")[1].split("@media print")[0])

WORDS = [
    *((ink, ground) for ink in ("ink", "ink-2") for ground in ("page", "card", "hover")),
    *(("ink-2", ground) for ground in ("none-soft", "lit")),
    *(("ink", ground) for ground in ("lit", "none-soft", "overdue-soft", "due_soon-soft")),
    *(("accent", ground) for ground in ("page", "card", "hover", "accent-soft")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("danger-ink", "danger"),
    ("danger-ink", "danger-hover"),
    *((word, "card") for word in ("normal", "due_soon", "overdue", "completed", "none")),
    *(
        (word, ground)
        for word in ("normal", "due_soon-word", "overdue-word", "completed-word", "none-word")
        for ground in ("page", "card", "hover")
    ),
    ("due_soon-word", "due_soon-soft"),
    ("overdue-word", "overdue-soft"),
    ("completed-word", "completed-soft"),
    *((f"letter-{c}", g) for c in ("blue", "yellow", "orange", "red") for g in ("card", "page")),
]
SHAPES = [
    *(
        (shape, ground)
        for shape in ("normal", "due_soon", "overdue", "completed", "none", "line-strong")
        for ground in ("card", "hover")
    ),
    ("due_soon", "due_soon-soft"),
    ("overdue", "overdue-soft"),
    ("lit-edge", "lit"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_guidelines_do():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(colours):
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in WORDS
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_and_edges_stand_out_from_their_ground(colours):
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in SHAPES
        if contrast(colours[pair[0]], colours[pair[1]]) < 3
    }
    assert weak == {}


# ---- the sample pages ----


def test_every_sample_page_renders(tmp_path):
    lookbook.render(tmp_path)
    for page in lookbook.PAGES:
        text = (tmp_path / f"{page}.html").read_text("utf-8")
        assert text.lstrip().startswith("<!doctype html>")
        assert text.count("<h1>") == 1
        assert text.count("<main") == 1


@pytest.mark.parametrize("code", ["normal", "due_soon", "overdue", "completed", "none", None])
def test_a_light_always_has_shape_and_word(code):
    page = lookbook.environment(None).from_string(
        '{% import "macros/ui.html" as ui %}{{ ui.light(code) }}'
    )
    text = page.render(code=code)
    word = {None: "无时限", "none": "无时限", "normal": "正常", "due_soon": "临期"}
    assert "<svg" in text
    assert word.get(code, {"overdue": "逾期", "completed": "办结"}.get(code, "")) in text


def test_a_field_ties_its_hint_and_error_to_the_input():
    text = (
        lookbook.environment(None)
        .from_string(
            '{% import "macros/ui.html" as ui %}'
            "{{ ui.field('note', '说明', hint='一句话', error='还没有写', value='\"><b>') }}"
        )
        .render()
    )
    assert 'aria-describedby="f-note-hint f-note-error"' in text
    assert 'aria-invalid="true"' in text
    assert "<b>" not in text
