"""The registration form of the demonstration: what the forum asks, and what some have said already."""

from contacts.models import User
from events.models import Event, Option, Question
from events.models.usual_questions import SETS

WORKSHOP = {
    "en": "Which workshop would you like to attend?",
    "fr": "À quel atelier souhaitez-vous participer ?",
    "es": "¿En qué taller desea participar?",
    "ar": "أي ورشة عمل تودون حضورها؟",
}
WORKSHOPS = [
    ({"en": "Case files", "fr": "Dossiers judiciaires", "es": "Expedientes", "ar": "ملفات القضايا"}, 200),
    ({"en": "Seizures at sea", "fr": "Saisies en mer", "es": "Incautaciones en el mar", "ar": "الضبط في البحر"}, 2),
]
ROOM = {"en": "Hotel room", "fr": "Chambre d’hôtel", "es": "Habitación de hotel", "ar": "غرفة الفندق"}


def load(event: Event, organizer: User) -> None:
    workshop = Question.objects.create(event=event, label=WORKSHOP, kind="CHOICE", is_required=True)
    for position, (label, size) in enumerate(WORKSHOPS):
        Option.objects.create(question=workshop, label=label, position=position).quota.resize(size, by=organizer)
    Question.objects.add_usual(event, SETS, by=organizer)
    Question.objects.create(event=event, label=ROOM, is_for_managers=True)
    listing = event.questions.get(kind="LISTING")
    options = list(workshop.options.all())
    levels = ("PUBLIC", "PARTICIPANTS", "NONE")
    coming = event.invitations.accepted().not_rejected().select_related("person")
    for number, invitation in enumerate(coming.order_by("pk")):
        if number % 4 != 3:  # the fourth has not looked at the form yet
            invitation.event = event
            given = {workshop.pk: (options[number in (1, 4)].pk,), listing.pk: levels[number % 3]}
            invitation.fill_in(given)
    event.publishes_participants = True
    event.save(update_fields=["publishes_participants"])
