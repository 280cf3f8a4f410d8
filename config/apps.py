from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from wagtail.models import ModelLogEntry, PageLogEntry  # noqa: PLC0415  (models exist only now)

        from config import page_cache, roles  # noqa: PLC0415

        post_migrate.connect(roles.apply, sender=self, dispatch_uid="config.roles")
        # Every verb and every act in the admin leaves an audit row; an audit row makes the cached pages old.
        for entry in (ModelLogEntry, PageLogEntry):
            post_save.connect(page_cache.forget, sender=entry, dispatch_uid=f"config.page_cache.{entry.__name__}")
