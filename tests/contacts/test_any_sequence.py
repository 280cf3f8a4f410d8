"""Whatever officers do to people, in whatever order: nothing is orphaned, no address is lost, the history is whole."""

from collections import defaultdict
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import ModelLogEntry

from contacts.models import MatchKey, Merge, Person, PersonEmail
from contacts.models.merge import FIELDS
from contacts.sheets import PersonRecord
from network.models import Seal
from tests.conftest import staff

NAMES = st.sampled_from([("Pavel", "Novak"), ("Павел", "Новак"), ("Dina", "Haddad"), ("D.", "Haddad")])
ADDRESSES = st.sampled_from([f"{name}@example.org" for name in ("pavel", "novak", "dina", "haddad", "office")])
RECORDS = st.builds(
    lambda name, emails, phones: PersonRecord(0, "", "", *name, "", "", "", "", (), tuple(emails), tuple(phones)),
    NAMES,
    st.lists(ADDRESSES, max_size=2, unique=True),
    st.lists(st.sampled_from(["+33 1", "+33 2"]), max_size=1),
)
NUMBER = st.integers(min_value=0, max_value=99)  # chooses one of those who are there


class Office(RuleBasedStateMachine):
    """`given` is what the office was told: key of a record -> addresses that came to it and that nobody took out."""

    def __init__(self):
        super().__init__()
        self.everything = transaction.atomic()
        self.everything.__enter__()
        self.given: dict[int, set[str]] = defaultdict(set)
        self.noor = staff("network officer", "noor@example.org")
        self.client = Client()
        self.client.force_login(self.noor, "allauth.account.auth_backends.AuthenticationBackend")
        self.entries = ModelLogEntry.objects.count()

    def teardown(self):
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    @rule(records=st.lists(RECORDS, min_size=1, max_size=4))
    def take_a_list(self, records):
        before = {(email.person_id, email.address) for email in PersonEmail.objects.all()}
        numbered = [replace(record, row=number) for number, record in enumerate(records)]
        refused = {refusal.row for refusal in Person.objects.take_records(numbered, by=self.noor).refused}
        after = {(email.person_id, email.address) for email in PersonEmail.objects.all()}

        assert before <= after
        for person, address in after - before:
            self.given[person].add(address)
        for record in numbered:
            if record.row not in refused:
                assert any(set(record.emails) <= addresses(person) for person in Person.objects.all())

    @precondition(lambda self: Person.objects.exists())
    @rule(number=NUMBER, name=NAMES, new=st.none() | ADDRESSES, dropped=st.booleans())
    def edit(self, number, name, new, dropped):
        person = self.one(number)
        there = list(person.emails.all())
        gone = there[0] if dropped and there else None
        form = {"given_name": name[0], "family_name": name[1], "languages": [*person.languages, "", ""][:3]}
        form |= self.rows("emails", there, ("address", "is_primary"), [{"address": new}] if new else [])
        form |= self.rows("phones", list(person.phones.all()), ("number", "kind"), [])
        form |= {"affiliations-TOTAL_FORMS": 0, "affiliations-INITIAL_FORMS": 0}
        if gone:
            form["emails-0-DELETE"] = "on"
        answer = self.client.post(reverse("person:edit", args=[person.pk]), form)

        if answer.status_code == 302:  # a form with an address twice comes back
            if gone:
                for key in list(self.given):
                    if Person.everyone.get(pk=key).standing == person:
                        self.given[key].discard(gone.address)
            if new:
                self.given[person.pk].add(new)

    def rows(self, prefix, there, fields, new):
        form = {f"{prefix}-TOTAL_FORMS": len(there) + len(new), f"{prefix}-INITIAL_FORMS": len(there)}
        kept = [{"id": row.pk} | {name: getattr(row, name) or "" for name in fields} for row in there]
        return form | {
            f"{prefix}-{place}-{name}": value
            for place, values in enumerate([*kept, *new])
            for name, value in values.items()
        }

    @precondition(lambda self: Person.objects.count() > 1)
    @rule(number=NUMBER, other=NUMBER, take=st.lists(st.sampled_from(FIELDS), max_size=3))
    def merge(self, number, other, take):
        kept, gone = self.one(number), self.one(other)
        if kept != gone:
            Merge.objects.join(kept, gone, take=take, by=self.noor)

    @precondition(lambda self: Merge.objects.filter(undone_at=None).exists())
    @rule(number=NUMBER)
    def unmerge(self, number):
        merges = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        merge = merges[number % len(merges)]
        is_on_top = merge.kept.merged_into_id is None
        try:
            merge.undo(by=self.noor)
        except ValidationError:
            assert not is_on_top
        else:
            assert is_on_top

    def one(self, number) -> Person:
        people = list(Person.objects.order_by("pk"))
        return people[number % len(people)]

    @invariant()
    def no_address_is_lost(self):
        for key, told in self.given.items():
            assert told <= addresses(Person.everyone.get(pk=key).standing)

    @invariant()
    def nothing_is_orphaned(self):
        for old in Person.everyone.exclude(merged_into=None):
            merge = old.merges_away.get(undone_at=None)
            held = [*old.emails.all(), *old.phones.all(), *old.affiliations.all()]
            assert sorted(merge.left) == sorted(f"{row._meta.verbose_name}: {row}" for row in held)
            assert old.standing in Person.objects.all()
        assert set(MatchKey.objects.values_list("person", flat=True)) == set(
            Person.objects.values_list("pk", flat=True)
        )

    @invariant()
    def the_history_is_whole_and_only_grows(self):
        Seal.objects.append()
        verdict = Seal.objects.verify()
        assert (verdict.broken, verdict.unsealed, verdict.emptied) == ([], 0, 0)
        assert verdict.sealed >= self.entries
        self.entries = verdict.sealed


def addresses(person: Person) -> set[str]:
    return set(person.emails.values_list("address", flat=True))


@pytest.mark.slow
def test_any_sequence_of_import_edit_merge_and_unmerge(db):
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
