"""The questions that the admin asks about the law."""
