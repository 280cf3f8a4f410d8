"""Screens of the admin where a list is not the right picture."""
