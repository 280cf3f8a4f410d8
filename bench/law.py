"""Times the page of a law of 1,000 provisions, its files, and the import of acts.

    DATABASE_URL=postgresql://.../bench python -m bench.law [--seconds 5] [--write docs/reference/performance.md]

In an empty database. The law is generated, in two languages and two versions; the acts are those of the United Kingdom
and South Africa beside the project, and are left out where those are absent. Needs `wrk` on the PATH.
"""

import argparse
import os
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from bench import run

run.django.setup()

import datetime

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction

from bench.stage import REAL_INPUT
from contacts.models import User
from legal.models import Expression, Intake, NationalLaw
from legal.text_formats import akn
from legal.texts import Node, Text
from network.models import Country

MARKS = ("<!-- figures of law -->", "<!-- end of figures of law -->")
SLUG = "bench-thousand"
FIRST, SECOND = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)
SENTENCE = "An officer who finds goods that were not declared seizes them and tells the court within three days. "


def thousand(language: str, *, changed: int = 0) -> Text:
    """A law of ten chapters with ten articles of nine paragraphs each; every so many paragraphs are `changed`."""
    chapters = []
    for chapter in range(1, 11):
        articles = []
        for place in range(1, 11):
            number = (chapter - 1) * 10 + place
            paragraphs = [
                Node("paragraph", f"art_{number}__para_{one}", f"({one})", content=_words(number, one, changed))
                for one in range(1, 9)
            ]
            head = Node("article", f"art_{number}", f"Article {number}", f"Duty number {number}", children=paragraphs)
            articles.append(head)
        chapters.append(Node("chapter", f"chp_{chapter}", f"Chapter {chapter}", "Of duties", children=articles))
    return Text(language, "A law of a thousand provisions", nodes=chapters)


def _words(number: int, place: int, changed: int) -> str:
    is_changed = changed and (number * 8 + place) % changed == 0
    said = SENTENCE.replace("three", "five") if is_changed else SENTENCE
    return f'<p>{said * 2}See <ref href="#art_1">article 1</ref> and <b>{number}</b>.</p>'


def stage() -> NationalLaw:
    law, _created = NationalLaw.objects.get_or_create(
        slug=SLUG, defaults={"title": "A law of a thousand provisions", "country_id": "FR", "is_published": True}
    )
    if not law.expressions.exists():
        for language in ("en", "fr"):
            Expression.objects.record(law, thousand(language), by=None, valid_on=FIRST)
            Expression.objects.record(law, thousand(language, changed=10), by=None, valid_on=SECOND)
    return law


def acts() -> list[tuple[str, bytes]]:
    folders = ("akn-uk-en", "akn-uk-uksi", "akn-za-by-laws", "akn-za-constitution")
    found = [path for folder in folders for path in sorted((REAL_INPUT / "legal-documents" / folder).glob("*"))]
    return [(path.name, path.read_bytes()) for path in found if path.suffix in (".xml", ".akn")]


def recorded(files: list[tuple[str, bytes]]) -> float:
    """Documents a second, read and recorded, each as a work of its own; nothing of it is kept."""
    start = time.perf_counter()
    with transaction.atomic():
        for number, (_name, content) in enumerate(files):
            text = akn.read(content)
            law = NationalLaw.objects.create(slug=f"bench-{number}", title=text.title or "x", country_id="ZA")
            text.language = text.language or "en"
            Expression.objects.record(law, text, by=None, valid_on=FIRST)
        spent = time.perf_counter() - start
        transaction.set_rollback(True)
    return len(files) / spent


def imported(files: list[tuple[str, bytes]], officer: User) -> tuple[float, float]:
    """Documents a second, compared as an upload, and then applied; nothing of it is kept."""
    with transaction.atomic():
        uploads = [ContentFile(content, name) for name, content in files]
        start = time.perf_counter()
        intake = Intake.objects.receive(uploads, by=officer, language="en", valid_on=FIRST, country="GB")
        compared = time.perf_counter() - start
        for text in intake.texts.all():
            if text.account.problems:
                text.leave_out()
        start, left = time.perf_counter(), intake.texts.count()
        intake.apply(by=officer)
        applied = time.perf_counter() - start
        transaction.set_rollback(True)
    return len(files) / compared, left / applied


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    law = stage()
    here = f"/en/law/laws/{law.slug}"
    addresses = [
        "/",
        "/changes/?language=en",
        "/beside/?language=en&other=fr",
        "/text.akn.xml",
        "/text.docx",
        "/text.pdf",
    ]
    with run.server():
        trivial = run._load("/trivial/", options.seconds)
        pages = [run._measure(f"{here}{one}", options.seconds) for one in addresses]
    lines = [*run._table(trivial, pages), "", *_import_table()]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS, how="2 gunicorn workers; imports in one process")


def _import_table() -> list[str]:
    files = acts()
    if not files:
        return []
    officer, _created = User.objects.get_or_create(email="bench-officer@example.org")
    Country.objects.get(pk="ZA")
    read_and_recorded = recorded(files)
    compared, applied = imported(files, officer)
    return [
        f"| import of {len(files)} acts (United Kingdom, South Africa) | documents/s |",
        "|---|---:|",
        f"| read and recorded | {read_and_recorded:.0f} |",
        f"| uploaded and compared with what is recorded | {compared:.0f} |",
        f"| applied | {applied:.0f} |",
    ]


if __name__ == "__main__":
    main()
