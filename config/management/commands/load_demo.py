"""`manage.py load_demo`: the demonstration, once."""

from django.core.management.base import BaseCommand

from config import demo
from config.roles import ROLES
from network.models import Organization


class Command(BaseCommand):
    help = (
        "Load the demonstration into an empty database; does nothing where it is loaded or where there is other data."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sign-ins", action="store_true", help="Only say with which accounts to sign in.")

    def handle(self, *, sign_ins: bool, **options) -> None:
        if sign_ins:
            return self._sign_ins() if demo.is_loaded() else None
        if demo.is_loaded():
            return None
        if Organization.objects.exists():
            self.stdout.write("There is data already: the demonstration is not loaded.")
            return None
        self.stdout.write("Loading the demonstration ...")
        demo.load()
        return None

    def _sign_ins(self) -> None:
        self.stdout.write(f"\nSign in to the desk with the password {demo.PASSWORD} as")
        for role in ROLES:
            self.stdout.write(f"  {demo.address(role.name):34}{role.purpose}")
        self.stdout.write("")
