"""A crowd: people who do the same thing at the same instant, each on a connection of their own."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from events.models import Invitation

PEOPLE = 20


def crowd(guests: list[Invitation], post: Callable[[Invitation], tuple[str, dict]]) -> Counter:
    """All post what `post` says of their invitation (address, data); how often each status code came back."""
    together = threading.Barrier(len(guests))

    def act(invitation: Invitation) -> int:
        try:
            together.wait()
            address, said = post(invitation)
            return Client().post(address, said, REMOTE_ADDR=f"10.0.0.{invitation.pk % 250}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(guests)) as pool:
        return Counter(pool.map(act, guests))


def at_once(*acts: Callable) -> list[str]:
    """Each act in a thread and on a connection of its own, all at the same instant; what each was told, "" for
    nothing."""
    together, told = threading.Barrier(len(acts), timeout=60), []

    def one(act: Callable):
        try:
            together.wait()
            act()
            told.append("")
        except ValidationError as refused:
            told.append(refused.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)
