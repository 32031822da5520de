"""The machine that workbooks meet in Excel: where Python is recorded for them, and what keeps them from working."""
