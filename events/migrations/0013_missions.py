"""Missions to what others hold, what is told of them, and addresses of the calendar of the house."""

import django.db.models.deletion
import django.utils.timezone
import events.models.event
import events.models.telling
import modelcluster.fields
import network.labels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0027_fewer_row_indexes'),
        ('events', '0012_trainings'),
        ('network', '0009_competences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CONFERENCE', 'Conference of others'), ('MEETING', 'Meeting of others'), ('VISIT', 'Visit')], default='CONFERENCE', max_length=10, verbose_name='kind')),
                ('title', network.labels.LabelsField(verbose_name='title')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='city')),
                ('website', models.URLField(blank=True, max_length=500, verbose_name='website')),
                ('purpose', models.TextField(blank=True, help_text='What we go for.', verbose_name='purpose')),
                ('called_off_at', models.DateTimeField(editable=False, null=True, verbose_name='called off')),
                ('call_off_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='why it was called off')),
                ('asked_at', models.DateTimeField(editable=False, null=True, verbose_name='report asked for')),
                ('uid', models.CharField(default=events.models.event.new_uid, editable=False, max_length=200, unique=True)),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('revised_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('country', models.ForeignKey(blank=True, help_text='Where it leads. Empty where it takes place online.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='missions', to='network.country', verbose_name='country')),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='missions', to='network.organization', verbose_name='host')),
                ('owner', models.ForeignKey(help_text='Sees to the report, and is asked for it a week after the end.', on_delete=django.db.models.deletion.PROTECT, related_name='missions', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('topics', models.ManyToManyField(blank=True, related_name='missions', to='network.topic', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'mission',
                'verbose_name_plural': 'missions',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='follow_up', to='contacts.task', verbose_name='task')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='events.mission', verbose_name='mission')),
            ],
            options={
                'verbose_name': 'task that follows from a mission',
                'verbose_name_plural': 'tasks that follow from missions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Envoy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('HEAD', 'Head of delegation'), ('DELEGATE', 'Delegate'), ('SPEAKER', 'Speaker'), ('EXPERT', 'Expert'), ('OBSERVER', 'Observer')], default='DELEGATE', max_length=10, verbose_name='role')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envoys', to='contacts.person', verbose_name='person')),
                ('mission', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='envoys', to='events.mission', verbose_name='mission')),
            ],
            options={
                'verbose_name': 'part in a mission',
                'verbose_name_plural': 'parts in missions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Encounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('interaction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='encounter', to='contacts.interaction', verbose_name='interaction')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='encounters', to='events.mission', verbose_name='mission')),
            ],
            options={
                'verbose_name': 'meeting on a mission',
                'verbose_name_plural': 'meetings on missions',
                'ordering': ['-interaction__happened_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MissionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('summary', models.TextField(max_length=10000, verbose_name='summary')),
                ('outcomes', models.TextField(blank=True, max_length=10000, verbose_name='outcomes')),
                ('recommendations', models.TextField(blank=True, max_length=10000, verbose_name='recommendations')),
                ('file', models.FileField(blank=True, max_length=400, upload_to=events.models.telling.paper_path, verbose_name='file')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name of the file')),
                ('is_restricted', models.BooleanField(default=False, verbose_name='restricted')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='handed in')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed in by')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='events.mission', verbose_name='mission')),
            ],
            options={
                'verbose_name': 'report on a mission',
                'verbose_name_plural': 'reports on missions',
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='StaffFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('last_fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='last fetched')),
                ('last_agent', models.CharField(blank=True, max_length=200, verbose_name='fetched by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'calendar feed of a colleague',
                'verbose_name_plural': 'calendar feeds of colleagues',
                'ordering': ['-created_at'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('on', models.DateField(blank=True, null=True, verbose_name='day')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('file', models.FileField(blank=True, max_length=400, upload_to=events.models.telling.paper_path, verbose_name='file')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name of the file')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='events.mission', verbose_name='mission')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='contacts.person', verbose_name='who gave it')),
            ],
            options={
                'verbose_name': 'talk',
                'verbose_name_plural': 'talks',
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='mission',
            index=models.Index(fields=['country', 'ends_on'], name='mission_to_country'),
        ),
        migrations.AddConstraint(
            model_name='mission',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='mission_ends_after_it_starts', violation_error_message='A mission cannot end before it starts.'),
        ),
        migrations.AddConstraint(
            model_name='envoy',
            constraint=models.UniqueConstraint(fields=('mission', 'person'), name='envoy_once', violation_error_message='This person goes already.'),
        ),
        migrations.AddConstraint(
            model_name='missionreport',
            constraint=models.UniqueConstraint(fields=('mission', 'version'), name='mission_report_version_once'),
        ),
    ]
