"""How much a file may ask of us. Every number is a setting; the defaults read 100,000-row plans."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked before a parser sees the file, and bounds of the child that parses it."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 100 * 1024 * 1024
    members: int = 2_000
    sheets: int = 50
    rows: int = 200_000
    columns: int = 256
    area: int = 8_000_000
    elements: int = 20_000_000
    merges: int = 120_000
    merge_cells: int = 200_000
    merged_cells: int = 5_000_000
    text_chars: int = 32_767
    child_memory: int = 1024 * 1024 * 1024
    child_cpu_seconds: int = 20
    child_wall_seconds: float = 30.0

    def to_dict(self) -> dict[str, int | float]:
        """The same numbers as JSON carries them to the child."""
        return asdict(self)
