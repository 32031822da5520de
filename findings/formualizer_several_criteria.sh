#!/bin/sh
# A good guess: SUM(SUMIF(keys,{"x","y"},amounts)) adds what meets either criterion, as spreadsheet programs do.
# Seen: formualizer answers 0 without an error, while SUMIF with one criterion is right; so does SUMPRODUCT(COUNTIF(r,r)).
# Version: formualizer 0.13.0 (PyPI).
# Source: run below; Microsoft, "SUMIF function": an array of criteria gives an array of sums.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check formualizer==0.13.0
cat > "$folder/seen.py" <<'PY'
import sys

import formualizer

book = formualizer.Workbook()
book.add_sheet("Costs")
book.set_values_batch("Costs", 1, 1, [["x", 10.0], ["y", 20.0], ["x", 30.0], ["z", 40.0]])
found = {}
for row, formula in enumerate(
    ('=SUMIF(A1:A4,"x",B1:B4)', '=SUM(SUMIF(A1:A4,{"x","y"},B1:B4))', "=SUMPRODUCT(COUNTIF(A1:A4,A1:A4))"), start=1
):
    book.set_formula("Costs", row, 4, formula)
    found[formula] = book.evaluate_cell("Costs", row, 4)
    print(f"{formula:36} gives {found[formula]}")
print("spreadsheet programs give 40, 60 and 6")
sys.exit(0 if list(found.values()) == [40.0, 0.0, 0.0] else "changed")
PY
"$folder/venv/bin/python" "$folder/seen.py"
