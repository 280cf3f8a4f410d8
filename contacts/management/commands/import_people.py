"""`manage.py import_people FILE`: takes in a contact list and links the people to their organizations."""

from contacts.models import Person
from contacts.sheets import read_people
from network.management.imports import ImportCommand


class Command(ImportCommand):
    help = "Take in people from a contact list or Entente's own template. Import their organizations first."
    read = staticmethod(read_people)
    take = Person.objects.take_records
