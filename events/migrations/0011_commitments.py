"""What organizations undertake at an event, what is reported of it, and who endorses it."""

import django.db.models.deletion
import django.utils.timezone
import network.labels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0010_badges_and_presence'),
        ('network', '0009_competences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', network.labels.LabelsField(verbose_name='what it undertook')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('status', models.CharField(choices=[('OPEN', 'Open'), ('UNDER_WAY', 'Under way'), ('DONE', 'Fulfilled'), ('DROPPED', 'Given up')], default='OPEN', editable=False, max_length=10, verbose_name='status')),
                ('is_public', models.BooleanField(default=False, help_text='Everybody reads it on the page of the event, with how it stands.', verbose_name='public')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='events.event', verbose_name='event')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='network.organization', verbose_name='organization')),
                ('owner', models.ForeignKey(help_text='Who of us follows it up.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'commitment',
                'verbose_name_plural': 'commitments',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('OPEN', 'Open'), ('UNDER_WAY', 'Under way'), ('DONE', 'Fulfilled'), ('DROPPED', 'Given up')], max_length=10, verbose_name='status')),
                ('words', models.TextField(max_length=2000, verbose_name='what was done')),
                ('evidence', models.URLField(blank=True, max_length=500, verbose_name='evidence')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reported')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='events.commitment')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.event', verbose_name='reported at')),
            ],
            options={
                'verbose_name': 'report on a commitment',
                'verbose_name_plural': 'reports on commitments',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='endorsed')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='events.commitment')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='network.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'endorsement',
                'verbose_name_plural': 'endorsements',
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('commitment', 'organization'), name='endorsed_once')],
            },
        ),
    ]
