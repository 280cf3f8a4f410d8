"""CalendarPost: a message with a calendar in it, as it came in, until the worker has read it. Whether it answers an
invitation is known above, where invitations are."""

import logging

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class CalendarPostManager(models.Manager):
    def keep(self, key: str, raw: bytes, envelope_to: str = "") -> bool:
        """Keep the message `raw`; False where it waits already."""
        return self.get_or_create(key=key, defaults={"raw": raw, "envelope_to": envelope_to[:320]})[1]

    def hand_over(self, read) -> int:
        """Give each message that waits to `read`, and forget it; returns how many. Each is read once, however many
        workers look: it goes together with what became of it."""
        count = 0
        for key in list(self.order_by("pk").values_list("pk", flat=True)):
            try:
                count += self._hand_over(key, read)
            except Exception as error:  # it waits on, and keeps no other back
                logger.error("Calendar mail %s could not be read: %s", key, type(error).__name__)
        return count

    @transaction.atomic
    def _hand_over(self, key: int, read) -> bool:
        post = self.select_for_update(skip_locked=True).filter(pk=key).first()
        if post is None:
            return False
        read(post)
        post.delete()
        return True


class CalendarPost(models.Model):
    key = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField()
    envelope_to = models.CharField(_("to"), max_length=320, blank=True)
    came_at = models.DateTimeField(_("came in"), default=timezone.now)

    objects = CalendarPostManager()

    class Meta:
        verbose_name = _("calendar mail")
        verbose_name_plural = _("calendar mails")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
