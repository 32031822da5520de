"""Programs that offer the worksheet functions: short translators of the registry."""
