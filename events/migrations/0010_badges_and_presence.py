"""Badges and certificates, scanners, and who came in at which door."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import events.models.registration
import events.models.scanner
from django.conf import settings
from django.db import migrations, models


def give_badges(apps, schema_editor):
    """Who has a seat already gets a badge too, each another one."""
    registrations = apps.get_model("events", "Registration").objects
    for pk in registrations.values_list("pk", flat=True).iterator():
        registrations.filter(pk=pk).update(badge=events.models.registration.new_badge())


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0009_open_registration'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='certificate_share',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Per cent of the sessions that somebody was in. Empty: there are no certificates.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='certificate from'),
        ),
        migrations.AddField(
            model_name='registration',
            name='badge',
            field=models.CharField(editable=False, max_length=10, null=True),
        ),
        migrations.RunPython(give_badges, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='registration',
            name='badge',
            field=models.CharField(default=events.models.registration.new_badge, editable=False, max_length=10, unique=True),
        ),
        migrations.AlterField(
            model_name='formalletter',
            name='kind',
            field=models.CharField(choices=[('INVITATION', 'Letter of invitation'), ('VISA', 'Visa-support letter'), ('CERTIFICATE', 'Certificate of attendance')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='formalletter',
            name='valid_until',
            field=models.DateField(null=True, verbose_name='valid until'),
        ),
        migrations.AlterField(
            model_name='invitationanswer',
            name='way',
            field=models.CharField(choices=[('LINK', 'By the link in the letter'), ('ORGANIZER', 'Noted by an organizer'), ('DOOR', 'At the door'), ('LAPSED', 'An offer that nobody took in time')], default='LINK', max_length=10, verbose_name='how it came'),
        ),
        migrations.AlterField(
            model_name='lettertext',
            name='kind',
            field=models.CharField(choices=[('INVITATION', 'Letter of invitation'), ('VISA', 'Visa-support letter'), ('CERTIFICATE', 'Certificate of attendance')], default='INVITATION', max_length=12, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Scanner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('nonce', models.CharField(default=events.models.scanner.new_nonce, editable=False, max_length=16)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='void since')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='last seen')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scanners', to='events.event', verbose_name='event')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
            ],
            options={
                'verbose_name': 'scanner',
                'verbose_name_plural': 'scanners',
                'ordering': ['opened_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('IN', 'In'), ('OUT', 'Out')], default='IN', max_length=3, verbose_name='direction')),
                ('day', models.DateField(verbose_name='day')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('is_late', models.BooleanField(default=False, verbose_name='sent later')),
                ('nonce', models.CharField(max_length=36)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='events.registration', verbose_name='registration')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='presences', to='events.session', verbose_name='session')),
                ('scanner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='presences', to='events.scanner', verbose_name='scanner')),
            ],
            options={
                'verbose_name': 'presence',
                'verbose_name_plural': 'presences',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['registration', 'day', 'at'], name='presence_by_day')],
                'constraints': [models.UniqueConstraint(fields=('scanner', 'nonce'), name='presence_once')],
            },
        ),
    ]
