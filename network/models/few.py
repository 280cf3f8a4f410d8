"""Questions about few of very many rows, to which PostgreSQL finds the answer sooner by looking at each.

A list shows the first rows in the order of an index. PostgreSQL does not know that it will soon stop, and makes the set
of all that fulfil a condition before it begins. Whoever knows better says so of the question, with `few`; conditions
written as `Each` and `Either` then ask the same in words that make it look at each row."""

from django.db import models


def few(rows: models.QuerySet) -> models.QuerySet:
    """`rows`, of which so few are looked at that a set made beforehand does not pay."""
    rows = rows.all()
    rows.query.is_about_few = True
    return rows


def _is_about_few(query) -> bool:
    return getattr(query, "is_about_few", False)


class Each(models.Exists):
    """EXISTS; in a question about few rows, it is looked up for each of them."""

    def as_postgresql(self, compiler, connection, **context):
        """OFFSET 0 leaves out nothing, but PostgreSQL never makes a set of what it stands in."""
        fenced = {"template": "EXISTS(%(subquery)s OFFSET 0)"} if _is_about_few(compiler.query) else {}
        return self.as_sql(compiler, connection, **fenced, **context)


class Either(models.Func):
    """One condition in two wordings: `of_each` for a question about few rows, `of_all` for any other."""

    output_field = models.BooleanField()

    def __init__(self, of_each, of_all, **extra):
        super().__init__(of_each, of_all, **extra)

    def as_sql(self, compiler, connection, **context):
        of_each, of_all = self.get_source_expressions()
        return compiler.compile(of_each if _is_about_few(compiler.query) else of_all)
