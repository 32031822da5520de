"""Hourly dispatch of a heat plant at least cost."""
