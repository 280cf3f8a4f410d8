"""Say what the retention rules would do, and with --apply do it."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from contacts.models import RetentionRule


class Command(BaseCommand):
    help = "Says of how many rows the time is over, rule by rule; with --apply they go."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="Do it; without this nothing is written.")

    def handle(self, *, apply: bool, **options) -> None:
        sentence = _("%(rule)s (%(n)s rows, done)") if apply else _("%(rule)s (%(n)s rows are due)")
        for rule in RetentionRule.objects.all():
            rows = rule.apply() if apply else rule.due().count()
            self.stdout.write(sentence % {"rule": rule, "n": rows})
