"""Whatever officers do to people, in whatever order: nothing is orphaned, no address is lost, the history is whole."""

from collections import Counter, defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import ModelLogEntry

from contacts.mail import Letter
from contacts.models import ImportBatch, MatchKey, Merge, Message, Person, PersonEmail
from contacts.models.imports import work
from network.models import Organization, Seal
from tests.conftest import staff

NAMES = st.sampled_from([("Pavel", "Novak"), ("Павел", "Новак"), ("Dina", "Haddad"), ("D.", "Haddad")])
ADDRESSES = st.sampled_from([f"{name}@example.org" for name in ("pavel", "novak", "dina", "haddad", "office")])
HOUSES = st.sampled_from(["", "Customs of Example", "Ministry of Example"])
RECORDS = st.builds(
    lambda house, name, emails: ",".join([house, *name, *emails, "", ""][:5]),
    HOUSES,
    NAMES,
    st.lists(ADDRESSES, max_size=2, unique=True),
)
NUMBER = st.integers(min_value=0, max_value=99)  # chooses one of those who are there


class Office(RuleBasedStateMachine):
    """`given` is what the office was told: key of a record -> address -> by whom; what was taken out is forgotten."""

    done: Counter = Counter()  # how often each act was done, in all sequences

    def __init__(self):
        super().__init__()
        self.everything = transaction.atomic()
        self.everything.__enter__()
        self.given: dict[int, dict[str, set]] = defaultdict(lambda: defaultdict(set))
        self.noor = staff("network officer", "noor@example.org")
        self.client = Client()
        self.client.force_login(self.noor, "allauth.account.auth_backends.AuthenticationBackend")
        self.entries = ModelLogEntry.objects.count()
        self.letters = 0
        for name in ("Customs of Example", "Ministry of Example"):
            Organization.objects.create(kind="GOVERNMENT", name=name)

    def teardown(self):
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    @rule(records=st.lists(RECORDS, min_size=1, max_size=4))
    def take_a_file(self, records):
        before = {(email.person_id, email.address) for email in PersonEmail.objects.all()}
        upload = SimpleUploadedFile(
            "list.csv", "\n".join(["Company,Given name,Family name,E-mail,E-mail 2", *records]).encode()
        )
        batch = ImportBatch.objects.receive(upload, by=self.noor)
        batch.look_through(batch.mapping, by=self.noor)
        self.go_on(batch, "PREVIEWED")
        if batch.rows.standing().exists():
            batch.start(by=self.noor)
            self.go_on(batch, "DONE")
            self.done["taken in"] += 1

        assert before <= {(email.person_id, email.address) for email in PersonEmail.objects.all()}
        for row in batch.rows.exclude(outcome="REFUSED"):
            for address in filter(None, row.cells[3:]):
                self.given[row.person_id][address].add(batch.pk)

    @precondition(lambda self: ImportBatch.objects.filter(state="DONE").exists())
    @rule(number=NUMBER)
    def take_back(self, number):
        batches = list(ImportBatch.objects.filter(state="DONE").order_by("pk"))
        batch = batches[number % len(batches)]
        try:
            batch.undo(by=self.noor)
        except ValidationError:
            assert not batch.rows.to_take_back().exists()
            return
        self.go_on(batch, "UNDONE")
        self.done["taken back"] += 1
        for key, told in list(self.given.items()):
            for sources in told.values():
                sources.discard(batch.pk)
            if not Person.everyone.filter(pk=key).exists():
                assert not any(told.values())
                del self.given[key]

    def go_on(self, batch, state):
        work.go_on(batch.pk, seconds=60)
        batch.refresh_from_db()
        assert (batch.state, batch.broken_why) == (state, "")

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
            self.done["edited"] += 1
            if gone:
                for key, told in self.given.items():
                    if Person.everyone.get(pk=key).standing == person:
                        told.pop(gone.address, None)
            if new:
                self.given[person.pk][new].add("an officer")

    def rows(self, prefix, there, fields, new):
        form = {f"{prefix}-TOTAL_FORMS": len(there) + len(new), f"{prefix}-INITIAL_FORMS": len(there)}
        kept = [{"id": row.pk} | {name: getattr(row, name) or "" for name in fields} for row in there]
        return form | {
            f"{prefix}-{place}-{name}": value
            for place, values in enumerate([*kept, *new])
            for name, value in values.items()
        }

    def write_to(self, person):
        if not person.address:
            return
        Message.objects.post(person, Letter("note", "en", "Hello", "Hello", "<p>Hello</p>"))
        self.letters += 1

    @precondition(lambda self: Person.objects.count() > 1)
    @rule(number=NUMBER, other=NUMBER, take=st.lists(st.sampled_from(Merge.fields), max_size=3))
    def merge(self, number, other, take):
        kept, gone = self.one(number), self.one(other)
        if kept != gone:
            self.write_to(gone)
            Merge.objects.join(kept, gone, take=take, by=self.noor)
            self.done["merged"] += 1

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
            self.done["taken apart"] += 1

    def one(self, number) -> Person:
        people = list(Person.objects.order_by("pk"))
        return people[number % len(people)]

    @invariant()
    def no_address_is_lost(self):
        for key, told in self.given.items():
            standing = Person.everyone.get(pk=key).standing
            assert {address for address, sources in told.items() if sources} <= addresses(standing)

    @invariant()
    def nothing_is_orphaned(self):
        for old in Person.everyone.exclude(merged_into=None):
            merge = old.merges_away.get(undone_at=None)
            held = [*old.emails.all(), *old.phones.all(), *old.affiliations.all()]
            assert sorted(merge.left) == sorted(f"{row._meta.verbose_name}: {row}" for row in held)
            assert old.standing in Person.objects.all()
        assert set(MatchKey.objects.values_list("record", flat=True)) == set(
            Person.objects.values_list("pk", flat=True)
        )

    @invariant()
    def no_letter_is_lost_and_each_goes_to_one_address(self):
        assert Message.objects.filter(person__in=Person.objects.all()).count() == self.letters
        for person in Person.objects.all():
            assert person.emails.filter(is_primary=True).count() <= 1

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
@pytest.mark.exhaustive
def test_any_sequence_of_import_edit_merge_unmerge_and_undo(db):
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Office.done) == {"taken in", "taken back", "edited", "merged", "taken apart"}
