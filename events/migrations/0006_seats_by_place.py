"""The seats of an event are counted by place: what was counted so far is in the room."""

from django.db import migrations


def count(apps, schema_editor):
    event, quota = apps.get_model("events", "Event"), apps.get_model("events", "Quota")
    quota.objects.filter(delegation=None, role="", place="").update(place="ROOM")
    keys = event.objects.values_list("pk", flat=True)
    quota.objects.bulk_create(quota(event_id=pk, place=place) for pk in keys for place in ("ONLINE", "PLENARY"))


class Migration(migrations.Migration):
    dependencies = [("events", "0005_delegations")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
