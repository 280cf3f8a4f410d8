"""Takes in mail: bounces, complaints, automatic answers and replies."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contacts.models import Outcome, ReceivedLetter


class Command(BaseCommand):
    help = "Takes in one message from the standard input, or all of a message file, an mbox file or a Maildir folder."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="*", type=Path, help="None: one message on the standard input.")
        parser.add_argument("--to", default="", help="The address at which it arrived, as the mail server knows it.")

    def handle(self, *args, path, to, **options):
        outcomes = Counter(
            ReceivedLetter.objects.take(raw, envelope_to=to)
            for raw in ([sys.stdin.buffer.read(self.most)] if not path else self.messages(path))
        )
        said = [f"{outcome.lower()} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome]]
        self.stdout.write(", ".join(said) or "nothing there")

    most = settings.RECEIVED_MOST_BYTES + 1  # one more, so that what is too large is known to be

    def messages(self, paths: list[Path]) -> Iterator[bytes]:
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path}: there is no such file or folder.")
            if path.is_dir() and not (path / "cur").is_dir():
                raise CommandError(f"{path}: this folder is no Maildir, which has folders cur and new in it.")
            yield from self.read(path)

    def read(self, path: Path) -> Iterator[bytes]:
        if path.is_dir():
            folder = mailbox.Maildir(path, create=False)
            yield from (self.start_of(folder.get_file(key)) for key in folder.iterkeys())
            return
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
        if is_mbox:
            with closing(mailbox.mbox(path, create=False)) as box:
                yield from (self.start_of(box.get_file(key)) for key in box.iterkeys())
        else:
            with path.open("rb") as file:
                yield self.start_of(file)

    def start_of(self, file) -> bytes:
        with file:
            return file.read(self.most)
