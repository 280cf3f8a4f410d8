"""What readers of our letters see without signing in."""
