"""`manage.py export_programme EVENT FILE`: writes the programme of an event into a file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Event
from events.models.exchange import drafted, published
from events.programme_formats import write_json, write_table, write_xml

WRITERS = {".xml": write_xml, ".json": write_json, ".xlsx": write_table}


class Command(BaseCommand):
    help = "Write the published programme of an event as schedule.xml, schedule.json or XLSX, by the ending of FILE."

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The short name of the event, as in its address.")
        parser.add_argument("file", type=Path, metavar="FILE", help="Ends in .xml, .json or .xlsx.")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--draft", action="store_true", help="All sessions as they are now, restricted ones too.")

    def handle(self, *, event: str, file: Path, language: str, draft: bool, **options) -> None:
        if file.suffix not in WRITERS:
            raise CommandError(_("%(file)s: the name ends in none of .xml, .json, .xlsx.") % {"file": file.name})
        known = Event.objects.filter(slug=event).select_related("venue").first()
        if known is None:
            raise CommandError(_("There is no event with the short name “%(slug)s”.") % {"slug": event})
        schedule = (drafted if draft else published)(known, language)
        if schedule is None:
            raise CommandError(_("The programme of “%(event)s” is not published yet.") % {"event": known})
        with override(language):
            file.write_bytes(WRITERS[file.suffix](schedule))
        self.stdout.write(_("%(file)s: %(n)s sessions written") % {"file": file.name, "n": len(schedule.sessions)})
