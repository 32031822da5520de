"""Calculations on plain numbers: no files, no clock, no spreadsheet."""
