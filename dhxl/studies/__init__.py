"""Runs of a workbook as a whole, through the headless host."""
