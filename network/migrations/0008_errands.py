import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0007_pairs_of_any_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='organizationscan',
            name='done',
            field=models.PositiveIntegerField(default=0, verbose_name='done'),
        ),
        migrations.AddField(
            model_name='organizationscan',
            name='failure',
            field=models.CharField(blank=True, max_length=100, verbose_name='failure'),
        ),
        migrations.AddField(
            model_name='organizationscan',
            name='total',
            field=models.PositiveIntegerField(default=0, verbose_name='of'),
        ),
        migrations.AlterField(
            model_name='organizationmerge',
            name='moved',
            field=models.JSONField(default=dict, editable=False, help_text='Relation -> keys of the rows moved.'),
        ),
        migrations.AlterField(
            model_name='organizationscan',
            name='asked_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked'),
        ),
        migrations.AlterField(
            model_name='organizationscan',
            name='ended_at',
            field=models.DateTimeField(null=True, verbose_name='ended'),
        ),
        migrations.AlterField(
            model_name='organizationscan',
            name='started_at',
            field=models.DateTimeField(null=True, verbose_name='begun'),
        ),
    ]
