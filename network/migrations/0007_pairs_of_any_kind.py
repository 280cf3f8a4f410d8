from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("network", "0006_organization_merges")]

    operations = [migrations.RenameField("organizationkey", "organization", "record")]
