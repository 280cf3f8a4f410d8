"""One home page a language, in place of Wagtail's welcome page; our own roles in place of Wagtail's sample groups."""

from uuid import uuid4

from django.db import migrations

LANGUAGES = ["en", "fr", "es", "ar"]


def create(apps, schema_editor):
    page, site, locale = (apps.get_model("wagtailcore", name) for name in ("Page", "Site", "Locale"))
    home_page = apps.get_model("cms", "HomePage")
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cms", model="homepage"
    )
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()
    site.objects.all().delete()
    page.objects.filter(depth__gt=1).delete()
    translation_key = uuid4()
    for number, code in enumerate(LANGUAGES, 1):
        slug = "home" if code == "en" else f"home-{code}"
        home = home_page.objects.create(
            title="Entente",
            draft_title="Entente",
            slug=slug,
            url_path=f"/{slug}/",
            path=f"0001{number:04d}",
            depth=2,
            numchild=0,
            content_type=content_type,
            locale=locale.objects.get_or_create(language_code=code)[0],
            translation_key=translation_key,
        )
        if code == "en":
            site.objects.create(hostname="localhost", site_name="Entente", root_page=home, is_default_site=True)
    page.objects.filter(depth=1).update(numchild=len(LANGUAGES))


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
