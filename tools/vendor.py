"""Bring the front-end files of others into the tree, and prove that they are unchanged.

`python tools/vendor.py` packs each pinned npm package into a temporary folder, copies the
few files the pages need with their licence, and writes VENDOR.json beside them.
`python tools/vendor.py --check` needs no network: it compares every file with VENDOR.json
and refuses files that nobody listed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "tracker" / "web" / "static" / "vendor"

# Bootstrap's name for each icon, by where the pages use it. The font with all two thousand
# weighs 130 KB; the sprite of these weighs a tenth.
ICONS = (
    # the rail: 我的待办 计划 汇总 审核 测评 提醒 监控 通报 名录 设置 检查 我
    *("inbox", "table", "collection", "clipboard-check", "award", "bell"),
    *("speedometer2", "megaphone", "people", "gear", "qr-code-scan", "person-circle"),
    # the frame
    *("search", "layout-sidebar", "translate", "box-arrow-right", "three-dots"),
    *("chevron-left", "chevron-right", "chevron-down", "chevron-up", "x-lg"),
    # verbs
    *("plus-lg", "check-lg", "upload", "download", "pencil", "trash", "send", "printer"),
    *("arrow-left", "arrow-right", "arrow-left-right", "arrow-counterclockwise"),
    *("funnel", "layout-three-columns", "link-45deg", "box-arrow-up-right", "eye", "camera"),
    # things
    *("file-earmark", "file-earmark-spreadsheet", "file-earmark-text", "paperclip"),
    *("calendar3", "clock-history", "hourglass-split", "building", "diagram-3", "flag"),
    *("envelope", "journal-text", "shield-check", "key", "lock", "geo-alt", "wifi-off"),
    *("chat-left-text", "bar-chart", "list-check"),
    # messages
    *("info-circle", "check-circle", "exclamation-triangle", "x-circle", "question-circle"),
)


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str  # SPDX; the package's own spelling may differ
    files: tuple[str, ...]  # paths in the package, copied unchanged


PACKAGES = (
    Package("bootstrap", "5.3.9", "MIT", ("dist/css/bootstrap.min.css",)),
    Package("bootstrap-icons", "1.13.2", "MIT", ()),
    Package("htmx.org", "4.0.1", "0BSD", ("dist/htmx.min.js",)),
)


def folder(package: Package) -> str:
    return f"{package.name.removesuffix('.org')}-{package.version}"


def sprite(svgs: dict[str, str]) -> str:
    """One file of symbols, in the order given; drawn by `<use href="icons.svg#name">`."""
    symbols = []
    for name, svg in svgs.items():
        found = re.search(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", svg, re.S)
        if not found:
            raise SystemExit(f"bootstrap-icons: {name}.svg has no viewBox")
        body = re.sub(r">\s+<", "><", found[2].strip())
        symbols.append(
            f'<symbol id="{name}" viewBox="{found[1]}" fill="currentColor">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def unpack(package: Package, into: Path) -> Path:
    command = ["npm", "pack", "--silent", "--pack-destination", str(into)]
    subprocess.run([*command, f"{package.name}@{package.version}"], check=True, cwd=into)
    archive = next(into.glob(f"{package.name}-{package.version}.tgz"))
    target = into / folder(package)
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def fetch() -> None:
    records: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            source = unpack(package, Path(scratch))
            home = VENDOR / folder(package)
            contents = {Path(path).name: (source / path).read_bytes() for path in package.files}
            contents["LICENSE"] = (source / "LICENSE").read_bytes()
            if package.name == "bootstrap-icons":
                icons = {n: (source / "icons" / f"{n}.svg").read_text("utf-8") for n in ICONS}
                contents["icons.svg"] = sprite(icons).encode()
            home.mkdir(parents=True, exist_ok=True)
            for name, data in sorted(contents.items()):
                (home / name).write_bytes(data)
                records.append(
                    {
                        "name": package.name,
                        "version": package.version,
                        "licence": package.licence,
                        "file": f"{folder(package)}/{name}",
                        "sha256": hashlib.sha256(data).hexdigest(),
                    }
                )
    text = json.dumps(records, indent=1, ensure_ascii=False) + "\n"
    (VENDOR / "VENDOR.json").write_text(text, "utf-8")


def check(vendor: Path = VENDOR) -> list[str]:
    """What is wrong, a sentence each; empty when every file is as it was vendored."""
    wanted = {
        record["file"]: record["sha256"]
        for record in json.loads((vendor / "VENDOR.json").read_text("utf-8"))
    }
    found = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    wrong = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    wrong += [f"{name} is not in VENDOR.json" for name in sorted(found.keys() - wanted.keys())]
    wrong += [
        f"{name} differs from VENDOR.json"
        for name in sorted(wanted.keys() & found.keys())
        if wanted[name] != found[name]
    ]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="fetch or check the vendored front-end files")
    parser.add_argument("--check", action="store_true", help="compare hashes; no network")
    if not parser.parse_args().check:
        fetch()
    wrong = check()
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
