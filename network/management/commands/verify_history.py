"""`manage.py verify_history`: whether anybody has changed the history behind the house's back."""

from django.core.management.base import BaseCommand, CommandError

from network.models import Seal


class Command(BaseCommand):
    help = "Check the chain of seals over the history of records and pages, and print its last digest."

    def add_arguments(self, parser):
        parser.add_argument("--holds", metavar="DIGEST", help="A digest printed before, which the chain must contain.")

    def handle(self, *, holds: str | None, **options) -> None:
        verdict = Seal.objects.verify()
        counts = f"{verdict.sealed} sealed, {verdict.unsealed} not sealed yet, {verdict.emptied} emptied by an erasure."
        self.stdout.write(f"{counts}\nLast digest: {verdict.head}")
        if holds and not Seal.objects.filter(digest=holds).exists():
            verdict.broken.append(f"The chain does not contain {holds}: it has been cut or rewritten.")
        if verdict.broken:
            raise CommandError("The history has been changed.\n" + "\n".join(verdict.broken[:50]))
        self.stdout.write("The history is whole.")
