"""Attribution: whether it may be said who has said something; under the Chatham House Rule it may not."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class MayBeUnattributed(models.Model):
    """An event or a session. Once the rule holds, what is published names nobody any more, in no version; that it holds
    no longer is seen with the next version."""

    is_chatham_house = models.BooleanField(
        _("Chatham House Rule"),
        default=False,
        help_text=_(
            "Nobody is named with what was said: not in the programme, in calendars, exports and minutes. It holds at "
            "once, also for what is published already."
        ),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            if self.is_chatham_house:
                self.wait_for_publication()
            super().save(*args, **kwargs)
            if self.is_chatham_house:
                self.published_entries().withhold()

    def wait_for_publication(self) -> None:
        """A publication that goes on is over before the rule is kept, and the next one knows of it."""
        raise NotImplementedError

    def published_entries(self):
        """What is published of it."""
        raise NotImplementedError
