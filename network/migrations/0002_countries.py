"""The 249 countries and areas of ISO 3166-1, from `network/facts/countries.csv`."""

import csv
from pathlib import Path

from django.db import migrations

from network.labels import Labels

FACTS = Path(__file__).resolve().parent.parent / "facts" / "countries.csv"


def load(apps, schema_editor):
    country = apps.get_model("network", "Country")
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = [
            country(
                code=row["code"],
                alpha3=row["alpha3"],
                numeric=row["numeric"],
                region=row["region"],
                subregion=row["subregion"],
                name=Labels.of({code: row[code] for code in ("en", "fr", "es", "ar")}),
            )
            for row in csv.DictReader(file)
        ]
    country.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
