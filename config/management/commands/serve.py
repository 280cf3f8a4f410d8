"""`manage.py serve`: the whole house on one machine, web server and worker side by side."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import environment

MANAGE = [sys.executable, "manage.py"]


class Command(BaseCommand):
    help = (
        "Prepare the database and the static files, then run the web server and the worker until stopped. "
        "Where ENTENTE_URL does not say what the site is called, it is called as what it is bound to."
    )

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8000", help="Address and port (default: 127.0.0.1:8000).")
        parser.add_argument("--threads", type=int, default=8, help="Threads of the web server (default: 8).")
        parser.add_argument("--demo", action="store_true", help="Load the demonstration into an empty database.")

    def handle(self, *, bind: str, threads: int, demo: bool, **options) -> None:
        site = environment.text("ENTENTE_URL", environment.site_on(bind)).rstrip("/")
        os.environ["ENTENTE_URL"] = site  # of those that are started from here
        self._prepare(demo)
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        web = [gunicorn, "config.wsgi", "--bind", bind, "--threads", str(threads), "--log-level", "warning"]
        commands = [web, [*MANAGE, "worker"]]
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.default_int_handler)
        processes = [subprocess.Popen(command, cwd=settings.BASE_DIR) for command in commands]  # noqa: S603  (our own)
        self.stdout.write(f"\nEntente is at {site}/ and its desk at {site}/admin/\n")
        if demo:
            call_command("load_demo", sign_ins=True)
        self.stdout.write("Stop it with Ctrl+C; the data stays.")
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=30)

    def _prepare(self, demo: bool) -> None:
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            subprocess.run([*MANAGE, "load_demo"], cwd=settings.BASE_DIR, check=True)  # noqa: S603  (our own)
