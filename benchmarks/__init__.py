"""Benchmarks: dhxl beside other programs on the same problem."""
