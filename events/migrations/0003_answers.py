"""Answers are rows of their own: what the history knows of those that were given becomes such rows."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


GIVEN = ("ACCEPTED", "DECLINED", "TENTATIVE")


def tell(apps, schema_editor):
    """Each answer that the history has; the words of the last alone are known."""
    invitation, answer = apps.get_model("events", "Invitation"), apps.get_model("events", "InvitationAnswer")
    entry = apps.get_model("wagtailcore", "ModelLogEntry")
    steps = entry.objects.filter(action="events.invitation.answer").order_by("timestamp", "pk")
    told = {}
    for object_id, user, at, data in steps.values_list("object_id", "user", "timestamp", "data"):
        if (reply := data.get("to")) in GIVEN:
            told.setdefault(int(object_id), []).append({"reply": reply, "by_id": user, "at": at})
    for row in invitation.objects.filter(reply__in=GIVEN).iterator():
        steps = told.get(row.pk) or [{"reply": row.reply, "by_id": None, "at": row.answered_at or timezone.now()}]
        steps[-1] |= {"reply": row.reply, "reason": row.reason, "at": row.answered_at or steps[-1]["at"]}
        answer.objects.bulk_create(
            answer(invitation=row, way="ORGANIZER" if step["by_id"] else "LINK", **step) for step in steps
        )


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_every_event_has_seats'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='moved_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='InvitationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reply', models.CharField(choices=[('NEEDS-ACTION', 'No answer yet'), ('ACCEPTED', 'Accepted'), ('DECLINED', 'Declined'), ('TENTATIVE', 'Tentative')], max_length=12, verbose_name='answer')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='reason')),
                ('way', models.CharField(choices=[('LINK', 'By the link in the letter'), ('ORGANIZER', 'Noted by an organizer')], default='LINK', max_length=10, verbose_name='how it came')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='answered')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='events.invitation', verbose_name='invitation')),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
