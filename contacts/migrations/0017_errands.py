import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0016_pairs_of_any_kind'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='duplicatepair',
            name='decided_by',
        ),
        migrations.RemoveField(
            model_name='duplicatescan',
            name='asked_by',
        ),
        migrations.RemoveField(
            model_name='merge',
            name='by',
        ),
        migrations.RemoveField(
            model_name='screeningrun',
            name='asked_by',
        ),
        migrations.AddField(
            model_name='duplicatescan',
            name='done',
            field=models.PositiveIntegerField(default=0, verbose_name='done'),
        ),
        migrations.AddField(
            model_name='duplicatescan',
            name='failure',
            field=models.CharField(blank=True, max_length=100, verbose_name='failure'),
        ),
        migrations.AddField(
            model_name='duplicatescan',
            name='total',
            field=models.PositiveIntegerField(default=0, verbose_name='of'),
        ),
        migrations.AlterField(
            model_name='duplicatescan',
            name='asked_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked'),
        ),
        migrations.AlterField(
            model_name='duplicatescan',
            name='ended_at',
            field=models.DateTimeField(null=True, verbose_name='ended'),
        ),
        migrations.AlterField(
            model_name='duplicatescan',
            name='started_at',
            field=models.DateTimeField(null=True, verbose_name='begun'),
        ),
        migrations.AlterField(
            model_name='merge',
            name='moved',
            field=models.JSONField(default=dict, editable=False, help_text='Relation -> keys of the rows moved.'),
        ),
    ]
