
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0020_sentences'),
    ]

    operations = [
        migrations.AddField(
            model_name='merge',
            name='objections',
            field=models.JSONField(default=list, editable=False, help_text='Keys of suppressions that it spread.'),
        ),
        migrations.AddField(
            model_name='merge',
            name='overruled',
            field=models.JSONField(default=list, editable=False, help_text='Keys of choices that were: in the segment.'),
        ),
    ]
