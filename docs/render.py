"""Renders every sheet of a workbook to docs/img: ``python docs/render.py [BOOK]``.

Needs LibreOffice and poppler (pdftoppm, pdftotext). A sheet's further pages get a number behind its name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
RESOLUTION = 90
PAGES_PER_SHEET = 3


def pages_of(pdf: Path, sheets: list[str]) -> list[tuple[int, str]]:
    """Return the pages of a PDF with the sheet that each shows, read from the page header."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    found = []
    for number, page in enumerate(text.split("\f")[:-1], start=1):
        head = page.strip().split("\n", 1)[0].split()
        if head and head[-1] in sheets:
            found.append((number, head[-1]))
    return found


def printed(book: Path, folder: Path) -> Path:
    """Print a workbook to PDF with LibreOffice; return the file."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir"]
    for _ in range(2):  # the first start on a new profile may only set it up
        subprocess.run([*command, str(folder), str(book)], capture_output=True, check=False, timeout=300)
        if (folder / f"{book.stem}.pdf").exists():
            return folder / f"{book.stem}.pdf"
    raise SystemExit(f"{book}: LibreOffice printed nothing")


def render(book: Path, target: Path) -> list[Path]:
    """Write one PNG a page of every sheet, at most three a sheet; return the files."""
    from dhxl.workbook.package import Package

    sheets = [sheet.name for sheet in Package.open(book).sheets]
    target.mkdir(parents=True, exist_ok=True)
    written, seen = [], dict.fromkeys(sheets, 0)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pdf = printed(book, folder)
        for number, sheet in pages_of(pdf, sheets):
            seen[sheet] += 1
            if seen[sheet] > PAGES_PER_SHEET:
                continue
            name = sheet if seen[sheet] == 1 else f"{sheet}-{seen[sheet]}"
            span = ["-f", str(number), "-l", str(number), "-singlefile"]
            subprocess.run(["pdftoppm", "-png", "-r", str(RESOLUTION), *span, pdf, folder / name], check=True)
            written.append(Path(shutil.copyfile(folder / f"{name}.png", target / f"{name}.png")))
    return written


if __name__ == "__main__":
    for image in render(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS.parent / "workbook.xlsm", DOCS / "img"):
        sys.stdout.write(f"{image}\n")
