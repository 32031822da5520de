"""``python -m dhxl``."""

from __future__ import annotations

import sys

from dhxl.cli import main

sys.exit(main())
