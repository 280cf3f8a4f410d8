"""`manage.py import_organizations FILE`: takes in what a register says of organizations."""

from network.management.imports import ImportCommand
from network.models import Organization
from network.sheets import read_organizations


class Command(ImportCommand):
    help = "Take in organizations from ROR, Supraverden, a list of enforcement bodies, or Entente's own template."
    read = staticmethod(read_organizations)
    take = Organization.objects.take_records
