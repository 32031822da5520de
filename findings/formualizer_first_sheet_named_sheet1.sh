#!/bin/sh
# A good guess: the name of a worksheet does not matter to what its formulas give.
# Seen: formualizer keeps a sheet "Sheet1" of its own. If the first worksheet of a file is called sheet1 or SHEET1 (any case
#   but Sheet1), formulas that are the same down a column lose their values on loading: they come out blank, and so does what adds
#   them up. The same file with the sheet called Data, or with Sheet1 spelled so, is right.
# Version: formualizer 0.13.0 (PyPI), xlsxwriter 3.3.1 to write the files.
# Source: run below; the engine's own sheet shows in Workbook().sheet_names.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check formualizer==0.13.0 xlsxwriter==3.3.1
cat > "$folder/seen.py" <<'PY'
import sys
from pathlib import Path

import formualizer
import xlsxwriter

totals = {}
for name in ("Data", "Sheet1", "sheet1", "SHEET1"):
    path = Path(sys.argv[1]) / f"{name}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(name)
        for row in range(5):
            sheet.write_number(row, 1, row + 1)
            sheet.write_formula(row, 0, f"=B{row + 1}*2")
        sheet.write_formula("D1", "=SUM(A1:A5)")
    book = formualizer.Workbook.from_bytes(path.read_bytes())
    book.evaluate_all()
    totals[name] = book.get_value(name, 1, 4)
    print(f"first sheet {name:7} column A {[book.get_value(name, row, 1) for row in range(1, 6)]} sum {totals[name]}")
right = {name: total for name, total in totals.items() if total == 30.0}
sys.exit(0 if set(right) == {"Data", "Sheet1"} else f"changed: the right sum 30 comes for {', '.join(right)}")
PY
mkdir "$folder/files"
"$folder/venv/bin/python" "$folder/seen.py" "$folder/files"
