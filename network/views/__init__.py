"""What every public screen has in common."""
