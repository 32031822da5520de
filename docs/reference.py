"""Writes docs/functions.md, the reference of the worksheet functions: ``python docs/reference.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from dhxl.hosts.reference import reference

TARGET = Path(__file__).with_name("functions.md")

if __name__ == "__main__":
    TARGET.write_bytes(reference().encode())
    sys.stdout.write(f"{TARGET}\n")
