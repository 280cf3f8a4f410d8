"""The keys of records where they come from outside: an address, a form, a file."""

from django.db import models
from django.db.models.lookups import In

LARGEST = 2**63 - 1  # of a BigAutoField, on every database


def key_in(text: str) -> int:
    """The key that `text` names; 0, which no record has, where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


@models.BigAutoField.register_lookup
class KeyIn(In):
    """Among these keys; a number that no key can be is not among them. (SQLite refuses the whole question instead, and
    Django spares it that for one key only, not for several.)"""

    def get_prep_lookup(self):
        asked = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return asked
        return [key for key in asked if not isinstance(key, int) or abs(key) <= LARGEST]
