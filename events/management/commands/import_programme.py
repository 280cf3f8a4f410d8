"""`manage.py import_programme EVENT FILE`: takes a programme from a file into an event."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from events.models import Event
from events.programme_formats import Schedule, ScheduleError, read_schedule
from network.sheets import Tally


class Command(BaseCommand):
    help = "Take the sessions of a programme (schedule.xml, schedule.json, pretalx, XLSX) into an event."

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The short name of the event, as in its address.")
        parser.add_argument("file", type=Path, metavar="FILE", help="A schedule.xml, a schedule.json or a workbook.")
        parser.add_argument("--create", action="store_true", help="Make the event from the file where there is none.")
        parser.add_argument("--compare", action="store_true", help="Only say what would change.")
        parser.add_argument("--drop", action="store_true", help="Cancel the sessions that the file does not hold.")
        parser.add_argument("--publish", action="store_true", help="Announce the event and publish what has changed.")

    def handle(self, *, event: str, file: Path, create: bool, compare: bool, drop: bool, publish: bool, **options):
        known = Event.objects.filter(slug=event).first()
        if known is None and (compare or not create):
            sentence = _("There is no event with the short name “%(slug)s”; --create makes it from the file.")
            raise CommandError(sentence % {"slug": event})
        try:
            schedule = read_schedule(file, known and known.frame)
            self.stdout.write(_("%(file)s: %(n)s sessions read") % {"file": file.name, "n": len(schedule.sessions)})
            if compare:
                self._compare(known, schedule, file.name)
                return
            known, tally = _take(known, event, schedule, drop)
            self.stdout.write("\n".join(tally.summary(file.name)))
            if publish:
                self._publish(known, tally)
        except ScheduleError as error:
            raise CommandError(f"{file.name}: {error}") from None
        except ValidationError as error:
            raise CommandError(f"{event}: {' '.join(error.messages)}") from None

    def _compare(self, event: Event, schedule: Schedule, name: str) -> None:
        foreseen = event.foresee(schedule)
        self.stdout.write("\n".join([*foreseen.tally.summary(name), *map(str, foreseen.differences)]))

    def _publish(self, event: Event, tally: Tally) -> None:
        if event.status == Event.Status.DRAFT:
            event.announce(by=None)
        if tally.created or tally.changed or event.programme is None:
            event.publish(by=None)
        sentence = _("Version %(version)s of the programme is published.")
        self.stdout.write(sentence % {"version": event.programme.version})


def _take(event: Event | None, slug: str, schedule: Schedule, drops: bool) -> tuple[Event, Tally]:
    if event is None:
        return Event.objects.begin(slug, schedule)
    return event, event.take_schedule(schedule, drops=drops)
