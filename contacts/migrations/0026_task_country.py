import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0025_memberships"), ("network", "0009_competences")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="country",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="network.country",
                verbose_name="country",
            ),
        ),
    ]
