"""What is left of the forum of the demonstration that is over: who came, certificates, and what was undertaken."""

import datetime

from contacts.models import Delivery, Message, User
from events.models import Commitment, Event, Invitation, LetterText, Presence
from events.models.attendance import attendance
from events.models.presence import Scan
from network.models import Organization

COMMITMENTS = [
    (
        "sn-customs",
        {
            "en": "Train one hundred and twenty officers in the control of containers, together with the port police.",
            "fr": "Former cent vingt agents au contrôle des conteneurs, avec la police portuaire.",
            "es": "Formar a ciento veinte funcionarios en el control de contenedores, junto con la policía portuaria.",
            "ar": "تدريب مائة وعشرين موظفًا على مراقبة الحاويات بالاشتراك مع شرطة الموانئ.",
        },
        ("UNDER_WAY", "Fifty-four officers have passed the first course.", ""),
        300,
    ),
    (
        "wco",
        {
            "en": "Publish a guide to the exchange of seizure data between customs services.",
            "fr": "Publier un guide de l’échange de données sur les saisies entre services des douanes.",
            "es": "Publicar una guía para el intercambio de datos sobre incautaciones entre servicios de aduanas.",
            "ar": "نشر دليل لتبادل بيانات المضبوطات بين أجهزة الجمارك.",
        },
        ("DONE", "The guide is out, in two languages.", "https://guide.example/seizure-data"),
        120,
    ),
]


def load(event: Event, organizations: dict[str, Organization], organizer: User) -> None:
    event.certificate_share = 80
    event.save(update_fields=["certificate_share"])
    let_in(event, organizer)
    LetterText.objects.write_usual(event, by=organizer)
    certify(event, organizer)
    for key, text, (status, words, evidence), days in COMMITMENTS:
        due_on = event.ends_on + datetime.timedelta(days=days)
        commitment = Commitment.objects.create(
            event=event, organization=organizations[key], text=text, owner=organizer, due_on=due_on, is_public=True
        )
        commitment.report(status, words, by=organizer, evidence=evidence)


def let_in(event: Event, organizer: User) -> None:
    """Everybody comes but the last; every third on the first day alone."""
    door = event.scanners.open(event, "Main entrance", by=organizer)
    days = [event.starts_on + datetime.timedelta(days=n) for n in range((event.ends_on - event.starts_on).days + 1)]
    for number, seat in enumerate(event.registrations.on_site().order_by("pk")):
        for day in days[: 1 if number % 3 == 2 else len(days)]:
            at = datetime.datetime.combine(day, datetime.time(8, 20 + number % 30), event.zone)
            Presence.objects.scan(door, Scan(seat.badge, f"{seat.pk}-{day}", at), now=at)
    door.revoke(by=organizer)


def certify(event: Event, organizer: User) -> None:
    came = attendance(event)
    then = datetime.datetime.combine(event.ends_on + datetime.timedelta(days=1), datetime.time(11), event.zone)
    for seat in event.registrations.filter(pk__in=came):
        if came[seat.pk].share >= event.certificate_share:
            seat.invitation.formal_letters.certify(seat.invitation, came[seat.pk], by=organizer)
    about = Message.objects.about(*event.invitations.all())
    letters = Delivery.objects.filter(message__in=about, message__letter="certificate")
    letters.update(state=Delivery.State.DELIVERED, due_at=then, sent_at=then)


def backdate(invitations: list[Invitation], then: datetime.datetime) -> None:
    """The letters about these were written and delivered `then`."""
    if not invitations:
        return
    messages = Message.objects.about(*invitations)
    Delivery.objects.filter(message__in=messages).update(state=Delivery.State.DELIVERED, due_at=then, sent_at=then)
    messages.update(created_at=then)
