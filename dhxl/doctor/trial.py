"""A Python started as Excel starts it, and asked for what workbooks need of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["LIMIT_S", "Trial", "tried"]

LIMIT_S: Final = 60  # seconds; a first start takes some ten where a virus scanner looks at every file
_LONGEST: Final = 300  # characters of a message that are shown
_NO_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)
# Runs in a Python that may be an old one; the answer stands after a mark, since modules may print.
_MARK: Final = "dhxl-trial:"
_QUESTION: Final = f"""\
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
from importlib import metadata
told = {{"python": "%d.%d.%d" % sys.version_info[:3], "dhxl": metadata.version("dhxl")}}
try:
    told["xlwings"] = metadata.version("xlwings")
except metadata.PackageNotFoundError:
    told["xlwings"] = ""
from dhxl.functions.stamp import functions_stamp
told["functions"] = functions_stamp()
sys.stdout.write("{_MARK}" + json.dumps(told) + "\\n")
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a Python answered: versions and the checksum of its functions, or else the problem in its own words.

    ``slow`` tells that it was stopped before it answered.
    """

    python: str = ""
    dhxl: str = ""
    xlwings: str = ""
    functions: str = ""
    problem: str = ""
    slow: bool = False


def tried(python: str, modules: tuple[str, ...], environment: Mapping[str, str], limit_s: float = LIMIT_S) -> Trial:
    """Return what a Python answers that is started on its own and imports some modules.

    Parameters
    ----------
    python : str
        The program.
    modules : tuple of str
        What it has to import.
    environment : mapping of str to str
        The environment variables that it sees.
    limit_s : float
        Seconds after which it is stopped.
    """
    command = [python, "-B", "-c", _QUESTION, *modules]
    try:
        ended = subprocess.run(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=Path.home(),
            timeout=limit_s,
            check=False,
            creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
        )
    except subprocess.TimeoutExpired:
        return Trial(problem=f"no answer within {limit_s:.0f} s", slow=True)
    except (OSError, ValueError) as error:
        return Trial(problem=str(getattr(error, "strerror", None) or error))
    answer = ended.stdout.decode(errors="replace").rpartition(_MARK)
    if ended.returncode or not answer[1]:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or [f"it ended with code {ended.returncode}"]
        return Trial(problem=lines[-1].strip()[:_LONGEST])
    told = json.loads(answer[2].splitlines()[0])
    return Trial(told["python"], told["dhxl"], told["xlwings"], told["functions"])
