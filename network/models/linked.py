"""A record with a link of its own, by which somebody reaches it without signing in."""

from django.core.signing import Signer
from django.db import models
from django.utils.crypto import constant_time_compare, get_random_string

from network.models.keys import key_in


def new_nonce() -> str:
    return get_random_string(16)


class Linked:
    """For a model with a `nonce`."""

    @property
    def token(self) -> str:
        """What the link carries: signed, not stored, and void as soon as the nonce changes."""
        return f"{self.pk}-{self._signature()}"

    def _signature(self) -> str:
        return Signer(salt=self._meta.label_lower).signature(f"{self.pk}:{self.nonce}")


def behind(records: models.QuerySet, token: str):
    """The one of `records` whose link carries `token`. Raises DoesNotExist for a forged or a void one."""
    key, _dash, signature = token.partition("-")
    found = records.filter(pk=key_in(key)).first()
    if found is None or not constant_time_compare(signature, found._signature()):
        raise records.model.DoesNotExist
    return found
