"""`manage.py worker`: does what waits in the background, until it is stopped."""

import signal
import time
from secrets import token_hex

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker

from contacts.models import (
    Agreement,
    Application,
    CalendarPost,
    Delivery,
    DuplicateScan,
    ImportBatch,
    Mailing,
    ScreeningRun,
    mailbox,
)
from contacts.tasks import (
    deliver_mail,
    fetch_mail,
    find_duplicates,
    forget_unconfirmed,
    go_on_with_imports,
    remind_owners,
    screen,
    write_mailings,
)
from events.models import Answer, Mission, Notice, ProgrammeFile, Registration, Reminder, SeatRequest
from events.tasks import (
    ask_for_reports,
    forget_programme_files,
    forget_seat_requests,
    forget_travel_data,
    pass_offers_on,
    read_calendars,
    remind_invited,
    tell_of_changes,
)
from legal.models import Intake, SavedSearch
from legal.tasks import forget_intakes, tell_of_new_law
from network.models import OrganizationScan, Seal
from network.tasks import compare_organizations

# Whether there is something to do, and who does it; in this order.
WORK = (
    (mailbox.is_due, fetch_mail),
    (lambda: CalendarPost.objects.exists(), read_calendars),
    (lambda: Mailing.objects.due().exists(), write_mailings),
    (lambda: Agreement.objects.to_remind().exists(), remind_owners),
    (Reminder.objects.due, remind_invited),
    (lambda: Mission.objects.to_ask().exists(), ask_for_reports),
    (lambda: Registration.objects.lapsed().exists(), pass_offers_on),
    (lambda: Notice.objects.due().exists(), tell_of_changes),
    (lambda: (SavedSearch.objects.to_tell() | SavedSearch.objects.to_forget()).exists(), tell_of_new_law),
    (lambda: SeatRequest.objects.to_forget().exists(), forget_seat_requests),
    (lambda: ProgrammeFile.objects.to_forget().exists(), forget_programme_files),
    (lambda: Intake.objects.to_forget().exists(), forget_intakes),
    (lambda: Answer.objects.vanishing().exists(), forget_travel_data),
    (lambda: Application.objects.to_forget().exists(), forget_unconfirmed),
    (lambda: Delivery.objects.due().exists(), deliver_mail),
    (lambda: DuplicateScan.objects.waiting().exists(), find_duplicates),
    (lambda: ImportBatch.objects.at_work().exists(), go_on_with_imports),
    (lambda: OrganizationScan.objects.waiting().exists(), compare_organizations),
    (ScreeningRun.objects.has_work, screen),
)


class Command(BaseCommand):
    help = "Deliver the letters in the outbox and do the tasks that wait. Any number of workers may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between two looks (default: 1).")
        parser.add_argument("--once", action="store_true", help="Do what is there and stop.")

    def handle(self, *, interval: float, once: bool, **options) -> None:
        self.running = True
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        while self.running:
            close_old_connections()
            self._look(token_hex(16))
            if once:
                return
            time.sleep(interval if self.running else 0)

    def _look(self, worker_id: str) -> None:
        # The outbox is looked at, not announced: a letter is never lost with the process that wrote it.
        Delivery.objects.give_up_cut_off()
        for waits, task in WORK:
            if waits():
                task.enqueue()
        Seal.objects.append()
        if isinstance(task_backends["default"], DatabaseBackend):
            _work_off(worker_id)

    def _stop(self, *_signal) -> None:
        self.running = False


def _work_off(worker_id: str) -> None:
    """Do all tasks that wait in the database (another backend brings a worker of its own)."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    ).run()
