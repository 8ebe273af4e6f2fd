"""How far the sheets of a file reach: a few cells far apart would make a huge empty table."""

from __future__ import annotations

from importers.errors import ReadingRefused
from importers.grid import column_letter
from importers.limits import Limits


class Area:
    """Adds up rows × columns of the sheets of one file."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._total = 0

    def add(self, sheet: str, rows: int, columns: int) -> None:
        """Refuse the sheet with which the file reaches too far; `sheet` may be ''."""
        self._total += rows * columns
        if self._total > self._limits.area:
            end = f"{column_letter(max(columns - 1, 0))}{rows}"
            message = (
                f"表格一直铺到 {end}，范围过大（各表合计超过 {self._limits.area} 格），"
                "请删除远处多余的单元格后再导入"
            )
            raise ReadingRefused("area_too_big", message, sheet)
