"""The search: an entry for each work with what it is found and counted by; it is kept by the verbs that change a work
or a text, and holds nothing that is not said elsewhere."""

from collections.abc import Iterable, Iterator

from django.db import models, transaction
from django.db.models import Case, F, Func, Value, When
from django.utils.translation import gettext_lazy as _

from legal import words
from legal.words import Asked, Place, Question
from network.models import Country

TITLE = 4  # a word in the title counts so many times what it counts in the text
MANY = 2000  # of more than so many the newest come first after those that have it in their title


class WordsField(models.Field):
    """A list of Place; a `tsvector` in PostgreSQL, the words in lines elsewhere. It is asked, never read."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection):
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is None or isinstance(value, str):
            return value or ""
        return words.as_vector(value) if connection.vendor == "postgresql" else words.as_lines(value)


@WordsField.register_lookup
class Has(models.Lookup):
    """All the parts of a question (a sequence of Asked), and none of what is unwanted."""

    lookup_name = "has"
    any_of = False

    def get_prep_lookup(self):
        return tuple(self.rhs)

    def as_sql(self, compiler, connection):
        column, _parameters = self.process_lhs(compiler, connection)
        written, parameters = [], []
        for part in self.rhs:
            lines = words.as_lines_asked(part)
            likes = " OR ".join(f"{column} LIKE %s" for _line in lines)
            written.append(f"{'NOT ' if part.is_unwanted else ''}({likes})")
            parameters += [f"%{line}%" for line in lines]
        return f"({(' OR ' if self.any_of else ' AND ').join(written)})", parameters

    def as_postgresql(self, compiler, connection):
        column, _parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [words.as_query(self.rhs, any_of=self.any_of)]


@WordsField.register_lookup
class HasAny(Has):
    """One of the parts of a question."""

    lookup_name = "has_any"
    any_of = True


class Rank(Func):
    """How much of `wanted` a column of words says, in PostgreSQL by `ts_rank`, elsewhere by how often it is there."""

    output_field = models.FloatField()

    def __init__(self, column: str, wanted: Iterable[Asked]):
        self.wanted = tuple(wanted)
        super().__init__(F(column))

    def as_sql(self, compiler, connection, **_more):
        column, _parameters = compiler.compile(self.source_expressions[0])
        counted, parameters = [], []
        for part in self.wanted:
            line = words.as_lines_asked(part)[-1]
            counted.append(f"(LENGTH({column}) - LENGTH(REPLACE({column}, %s, ' '))) / %s")
            parameters += [line, float(len(line) - 1)]
        return f"({' + '.join(counted) or '0'})", parameters

    def as_postgresql(self, compiler, connection, **_more):
        column, _parameters = compiler.compile(self.source_expressions[0])
        return f"ts_rank({column}, %s::tsquery, 1)", [words.as_query(self.wanted, any_of=True)]


class SearchEntryQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Those of published works; all for who reads drafts."""
        return self if viewer.has_perm("legal.view_work") else self.filter(is_published=True)

    def asked(self, question: Question):
        """Those that say all that is wanted and nothing that is unwanted."""
        return self.filter(words__has=question.parts) if question.parts else self

    def asked_loosely(self, question: Question):
        """Those that say something of what is wanted and nothing that is unwanted."""
        unwanted = [part for part in question.parts if part.is_unwanted]
        found = self.filter(words__has_any=question.wanted)
        return found.filter(words__has=unwanted) if unwanted else found

    def best_first(self, question: Question, count: int):
        """Those whose title says it first; of so many that nobody reads them all (`count`), the newest."""
        newest = (F("dated_on").desc(nulls_last=True), "-pk")
        if not question.wanted:
            return self.order_by(*newest)
        if count > MANY:
            titled = Case(When(title_words__has=question.wanted, then=Value(1)), default=Value(0))
            return self.annotate(titled=titled).order_by("-titled", *newest)
        rank = Rank("title_words", question.wanted) * TITLE + Rank("words", question.wanted)
        return self.annotate(rank=rank).order_by("-rank", *newest)


class SearchEntryManager(models.Manager.from_queryset(SearchEntryQuerySet)):
    @transaction.atomic
    def keep(self, work) -> None:
        """Let the entry of `work` say what the work says now: as it is stored, and not as the caller knew it."""
        works = self.model._meta.get_field("work").related_model._base_manager
        work = works.select_for_update().get(pk=work.pk).of_its_kind()
        starts_on, ends_on = work.in_force_between()
        titles = [*work.title.items(), *work.short_title.items(), ("", work.number)]
        facts = {
            "kind": work.kind,
            "country": work.country,
            "form": getattr(work, "form", ""),
            "in_force_on": starts_on,
            "ended_on": ends_on,
            "dated_on": work.dated_on,
            "year": work.dated_on.year if work.dated_on else None,
            "is_published": work.is_published,
            "languages": " {} ".format(" ".join(sorted({*work.expressions.values_list("language", flat=True)}))),
            "title_words": _spelled(titles, is_title=True),
            "words": [*_spelled(titles, is_title=True), *_spelled(work.own_words().items()), *_of_texts(work)],
        }
        if not self.filter(work=work).update(**facts):
            self.create(work=work, **facts)


class SearchEntry(models.Model):
    work = models.OneToOneField("legal.Work", models.CASCADE, primary_key=True, related_name="search_entry")
    kind = models.CharField(max_length=10)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", null=True)
    form = models.CharField(max_length=12, blank=True)
    in_force_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    dated_on = models.DateField(null=True)
    year = models.SmallIntegerField(null=True)
    is_published = models.BooleanField()
    languages = models.CharField(max_length=300, default="")  # of its texts, each between spaces
    title_words = WordsField()
    words = WordsField()

    objects = SearchEntryManager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [models.Index(fields=["-dated_on", "-work"], name="search_entry_newest")]

    def __str__(self) -> str:
        return str(self.pk)


def _spelled(texts: Iterable[tuple[str, str]], *, is_title: bool = False) -> list[Place]:
    return [place for code, text in texts for place in words.places(text, code, is_title=is_title)]


def _of_texts(work) -> Iterator[Place]:
    """The words of the newest text in each language."""
    newest = {one.language: one for one in work.expressions.order_by("valid_on")}
    for expression in newest.values():
        for passage in expression.passages.order_by("position").only("number", "heading", "text"):
            yield from passage.places(expression.language)
