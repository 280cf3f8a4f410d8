from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0017_errands'),
    ]

    operations = [
        migrations.AlterField(
            model_name='person',
            name='reference',
            field=models.CharField(blank=True, editable=False, help_text='The register that the record came from, and its number there.', max_length=500, null=True, unique=True, verbose_name='reference'),
        ),
    ]
