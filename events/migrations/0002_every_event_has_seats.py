"""Seats are counted from the first one on, also where there is no limit: every event has its quota."""

from django.db import migrations, models
from django.db.models import F, Q


def count(apps, schema_editor):
    event, quota = apps.get_model("events", "Event"), apps.get_model("events", "Quota")
    for row in event.objects.exclude(quotas__scope="event"):
        used = row.registrations.filter(state="CONFIRMED").count()
        quota.objects.create(event=row, scope="event", size=None, used=used)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("quota", "quota_never_overdrawn"),
        migrations.AlterField(
            "quota",
            "size",
            models.PositiveIntegerField(blank=True, help_text="Empty: no limit.", null=True, verbose_name="places"),
        ),
        migrations.AddConstraint(
            "quota",
            models.CheckConstraint(
                condition=Q(("size", None), ("used__lte", F("size")), _connector="OR"), name="quota_never_overdrawn"
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
