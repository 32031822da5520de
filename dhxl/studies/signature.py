"""What becomes of a workbook's digital signature when its file is written."""

from __future__ import annotations

from pathlib import Path

from dhxl.workbook.package import Package

__all__ = ["signature_notes"]


def signature_notes(package: Package, written: Path) -> tuple[str, ...]:
    """Return a note where a file was made of a signed workbook and is no longer what was signed."""
    if not package.signed or written.read_bytes() == package.container.raw:
        return ()
    return (f"{package.path.name} is digitally signed; its signature does not hold for what was written, sign it anew",)
