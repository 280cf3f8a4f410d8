"""Legal texts as files hold them, read into one tree, and that tree written as others read it. Knows no models."""
