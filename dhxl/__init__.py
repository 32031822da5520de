"""dhxl."""
