from django.db import migrations

ACTS = ("suspended", "reinstated", "ended")


def rename_letters(apps, _schema_editor):
    """The letters that tell of a membership go to all organizations now, not to applicants alone."""
    letters = apps.get_model("contacts", "Message").objects
    for act in ACTS:
        letters.filter(letter=f"application_{act}").update(letter=f"membership_{act}")


def bring_into_step(apps, _schema_editor):
    """Where the form of an organization said that it is suspended or has ended, so has its application."""
    applications = apps.get_model("contacts", "Application").objects.filter(state__in=["ADMITTED", "SUSPENDED"])
    for status in ("SUSPENDED", "ENDED"):
        applications.filter(organization__status=status).exclude(state=status).update(state=status)
    applications.filter(state="SUSPENDED", organization__status="ACTIVE").update(state="ADMITTED")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0024_unknown_organizations")]

    operations = [
        migrations.RunPython(rename_letters, migrations.RunPython.noop),
        migrations.RunPython(bring_into_step, migrations.RunPython.noop),
    ]
