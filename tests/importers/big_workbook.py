"""Writes plan-shaped workbooks of 1k, 10k or 100k rows, the shape performance.md measures on.

Category, item, sub-item and deadline are merged down over 5 rows on average; a row has 1-4
departments. Run: python -m tests.importers.big_workbook 100000 plan.xlsx
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import xlsxwriter

HEADER = ["序号", "类别", "项目", "子项目", "工作任务", "责任单位", "测评方式", "完成时限"]
DEPARTMENTS = [f"第{n}工作局" for n in "一二三四五六七八九十"] + [
    f"测试{n}办公室" for n in "甲乙丙丁"
]
MODES = ["明查（2分）", "暗访（4分）", "明查 (6 分)", "暗访(3分)"]
MERGED = (1, 2, 3, 7)


def write(path: Path, rows: int, *, seed: int = 1) -> int:
    """Write the workbook and return the number of merges in it."""
    chance = random.Random(seed)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("任务表")
    bordered = book.add_format({"border": 1, "text_wrap": True})
    sheet.merge_range(0, 0, 0, len(HEADER) - 1, "2026年重点任务分解表", bordered)
    sheet.write_row(1, 0, HEADER, bordered)
    merges, row = 1, 2
    while row < rows + 2:
        height = min(chance.randint(2, 8), rows + 2 - row)
        merges += _block(sheet, bordered, chance, row, height)
        row += height
    book.close()
    return merges


def _block(sheet, bordered, chance: random.Random, top: int, height: int) -> int:
    """One group of rows under four merged cells."""
    values = {
        1: f"第{top // 40 + 1}类工作",
        2: f"（{top // 20 + 1}）项目",
        3: f"子项目{top}",
        7: f"{chance.randint(1, 12)}月底前",
    }
    for column in MERGED:
        if height > 1:
            sheet.merge_range(top, column, top + height - 1, column, values[column], bordered)
        else:
            sheet.write(top, column, values[column], bordered)
    for row in range(top, top + height):
        names = "、".join(chance.sample(DEPARTMENTS, chance.randint(1, 4)))
        sheet.write_number(row, 0, row - 1, bordered)
        sheet.write_string(row, 4, f"完成第{row - 1}号事项的整理、核对与上报工作", bordered)
        sheet.write_string(row, 5, names, bordered)
        sheet.write_string(row, 6, chance.choice(MODES), bordered)
    return len(MERGED) if height > 1 else 0


if __name__ == "__main__":
    count = write(Path(sys.argv[2]), int(sys.argv[1]))
    print(f"{sys.argv[1]} rows, {count} merges")
