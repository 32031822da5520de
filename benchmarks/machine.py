"""What the benchmark runs on."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

__all__ = ["machine"]


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float | None:
    if sys.platform == "win32":
        import ctypes

        kib = ctypes.c_ulonglong()
        known = ctypes.WinDLL("kernel32").GetPhysicallyInstalledSystemMemory(ctypes.byref(kib))
        return kib.value / 2**20 if known else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, OSError, ValueError):
        return None


def _system() -> str:
    try:
        return (
            f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {'.'.join(platform.release().split('.')[:2])}"
        )
    except (OSError, KeyError):
        return platform.platform()


def machine() -> dict[str, str]:
    """Return processor, cores, memory, system and Python, as a person reads them."""
    memory = _memory_gib()
    return {
        "processor": f"{_processor()} ({platform.machine()})",
        "cores": str(os.cpu_count() or "unknown"),
        "memory": "unknown" if memory is None else f"{memory:.0f} GiB",
        "system": _system(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
    }
