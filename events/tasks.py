"""What the worker does for events."""

from django_tasks import task

from events.models import Answer, CalendarReply, Mission, Notice, ProgrammeFile, Registration, Reminder, SeatRequest


@task()
def read_calendars() -> int:
    """Take the answers that came from calendars; returns how many mails were read."""
    return CalendarReply.objects.work_off()


@task()
def remind_invited() -> int:
    """Ask those again whom a rule reminds today; returns how many letters were written."""
    return Reminder.objects.work_off()


@task()
def pass_offers_on() -> int:
    """Pass the seats on that were offered and that nobody took in time; returns how many."""
    return Registration.objects.lapse_offers()


@task()
def forget_seat_requests() -> int:
    """Forget the registrations that nobody confirmed in time; returns how many."""
    return SeatRequest.objects.forget()


@task()
def forget_travel_data() -> int:
    """Delete the travel and passport data of events that are over; returns how many answers are gone."""
    return Answer.objects.vanish()


@task()
def forget_programme_files() -> int:
    """Forget the uploaded programmes that nobody took in; returns how many."""
    return ProgrammeFile.objects.forget_old()


@task()
def ask_for_reports() -> int:
    """Ask those who went on missions for the reports that are due; returns of how many missions."""
    return Mission.objects.ask_for_reports()


@task()
def tell_of_changes() -> int:
    """Write the letters about changes of programmes that are due; returns how many."""
    return Notice.objects.work_off()
