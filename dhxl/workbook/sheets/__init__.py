"""The sheets of the workbook: one module each, written in tab order."""
