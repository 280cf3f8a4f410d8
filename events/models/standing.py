"""Standing: where an invitation is, from the draft to the answer. It is worked out from the rows and nowhere kept: the
state of the invitation, its last answer, what became of its letter, and the event."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from contacts.models import Delivery

WAY = Delivery.State


class Standing(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    QUEUED = "QUEUED", _("In the outbox")
    SENT = "SENT", _("Sent")
    DELIVERED = "DELIVERED", _("Delivered")
    OPENED = "OPENED", _("Opened")
    UNDELIVERABLE = "UNDELIVERABLE", _("Undeliverable")
    ACCEPTED = "ACCEPTED", _("Accepted")
    TENTATIVE = "TENTATIVE", _("Tentative")
    DECLINED = "DECLINED", _("Declined")
    DELEGATED = "DELEGATED", _("Delegated")
    TO_APPROVE = "TO_APPROVE", _("To be approved")
    REJECTED = "REJECTED", _("Not approved")
    RECONFIRM = "RECONFIRM", _("To be confirmed again")
    EXPIRED = "EXPIRED", _("Expired")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


# What the way of the letter says of an invitation that nobody has answered.
ON_THE_WAY = {
    Standing.QUEUED: [WAY.QUEUED, WAY.SENDING],
    Standing.DELIVERED: [WAY.DELIVERED],
    Standing.OPENED: [Standing.OPENED],
    Standing.UNDELIVERABLE: [WAY.BOUNCED, WAY.COMPLAINED, WAY.FAILED, WAY.SUPPRESSED, WAY.STOPPED],
}


def letters_way(model: type[models.Model]) -> Subquery:
    """The state of the delivery of each invitation's (`model`) last letter of invitation, as an expression; OPENED once
    the reader has seen it, which is known only where opening is tracked."""
    of_invitations = ContentType.objects.get_for_model(model)
    letter = Delivery.objects.filter(
        message__about_type=of_invitations, message__about_id=OuterRef("pk"), message__letter="invitation"
    )
    is_open = When(opened_at__isnull=False, state=WAY.DELIVERED, then=Value(Standing.OPENED))
    seen = Case(is_open, default=F("state"), output_field=models.CharField())
    return Subquery(letter.order_by("-pk").values(way=seen)[:1])


def worked_out(over: list[int]) -> Case:
    """The Standing of each invitation with its letter's `way`, as an expression; `over` are the events (keys) that take
    no answers any more."""
    replies = (Standing.ACCEPTED, Standing.TENTATIVE, Standing.DECLINED, Standing.DELEGATED)
    has_moved = Q(reply__in=[Standing.ACCEPTED, Standing.TENTATIVE], event__moved_at__gt=F("answered_at"))
    return Case(
        *(When(state=state, then=Value(state)) for state in (Standing.DRAFT, Standing.WITHDRAWN)),
        When(approval="REJECTED", then=Value(Standing.REJECTED)),
        When(has_moved & ~Q(event__in=over), then=Value(Standing.RECONFIRM)),
        When(reply="ACCEPTED", approval="PENDING", then=Value(Standing.TO_APPROVE)),
        *(When(reply=reply, then=Value(reply)) for reply in replies),
        When(event__in=over, then=Value(Standing.EXPIRED)),
        *(When(way__in=states, then=Value(standing)) for standing, states in ON_THE_WAY.items()),
        default=Value(Standing.SENT),
        output_field=models.CharField(),
    )
