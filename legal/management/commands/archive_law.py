"""`manage.py archive_law`: writes the whole public base of the law into one file, which its page hands out."""

from django.core.management.base import BaseCommand

from legal.views import open_data


class Command(BaseCommand):
    help = "Write all that is published of the law into one ZIP (Akoma Ntoso, HTML, JSON), which its page hands out."

    def handle(self, **options) -> None:
        made = open_data.make()
        self.stdout.write(f"{made.works} works, {made.texts} texts, {made.size // 1024} KB.")
