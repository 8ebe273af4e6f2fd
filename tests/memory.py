"""A folder kept in memory, for what a run throws away: databases above all."""

import os
import shutil
from pathlib import Path

SHARED = Path("/dev/shm")
ROOM = 4 * 1024**3
"""Bytes that must be free there; containers often have 64 MB."""


def folder() -> Path | None:
    """Where temporary folders cost no disk; None on a system without such a place, or with a small one."""
    if not (SHARED.is_dir() and os.access(SHARED, os.W_OK)):
        return None
    return SHARED if shutil.disk_usage(SHARED).free >= ROOM else None
