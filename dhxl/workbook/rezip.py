"""A package rewritten with one part changed: for files that dhxl has just made itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

__all__ = ["with_part"]

_DATE = (1980, 1, 1, 0, 0, 0)


def with_part(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the package with one part changed; order kept, dates fixed so that the bytes are reproducible."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            info = zipfile.ZipInfo(entry.filename, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, change(data) if entry.filename == name else data)
    return result.getvalue()
