"""Large readings and export bases are kept as packed JSON."""

import json
import zlib
from typing import Any


def pack(value: Any) -> bytes:
    """JSON, compressed lightly: speed matters more than size."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> Any:
    """What `pack` was given."""
    return json.loads(zlib.decompress(packed))
