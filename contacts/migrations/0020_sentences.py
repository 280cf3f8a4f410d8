import contacts.models.sentence
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0019_retired_watchlists'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='importbatch',
            name='language',
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='broken_why',
            field=contacts.models.sentence.SentenceField(blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='notes',
            field=contacts.models.sentence.SentencesField(default=list, verbose_name='notes'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='reason',
            field=contacts.models.sentence.SentenceField(blank=True, verbose_name='why'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='undone_why',
            field=contacts.models.sentence.SentenceField(blank=True, verbose_name='why not taken back'),
        ),
        migrations.AlterField(
            model_name='mailingrecipient',
            name='obstacle',
            field=contacts.models.sentence.SentenceField(blank=True, verbose_name='not sent because'),
        ),
    ]
