"""The text of a work as a file: Akoma Ntoso, DOCX, PDF, HTML, JSON, and how it is cited."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from legal import pdf
from legal.models import Expression, Work
from legal.text_formats import akn, citing, docx_written, own_json, rendering
from legal.text_formats.languages import name_of
from legal.texts import Text
from legal.views.texts import TextPart, asked_work
from network.views.answers import public, too_many

RIS = "application/x-research-info-systems; charset=utf-8"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Form:
    """A form of file: what its content is, who writes it, and how many of it a stranger may take in an hour."""

    content_type: str
    write: Callable[[Work, Expression | None], bytes | str]
    most: int = 600
    needs_text: bool = True


def about(work: Work, expression: Expression) -> list[str]:
    """What stands below the title of a paper, in the active language."""
    law = getattr(work, "nationallaw", work)
    form = law.get_form_display() if hasattr(law, "get_form_display") else work.get_kind_display()
    dated = date_format(work.dated_on) if work.dated_on else ""
    version = _("reads so from %(day)s") % {"day": date_format(expression.valid_on)}
    facts = [name_of(expression.language), str(expression.get_authenticity_display()), version]
    return [
        " · ".join(filter(None, [str(form), str(work.country or ""), work.number, dated])),
        " · ".join(facts),
        doubts(expression),
    ]


def doubts(expression: Expression) -> str:
    """What a reader must know who takes it for the law."""
    if not expression.is_stale():
        return ""
    if expression.verified_on is None:
        return _("Nobody has compared this text with its source yet.")
    day = date_format(expression.review_by)
    return _("This text was to be compared with its source again by %(day)s; it may be out of date.") % {"day": day}


def sourced(expression: Expression) -> str:
    """Where it comes from, and where it stands here."""
    told = filter(
        None, [expression.source, expression.source_url, f"{settings.SITE_URL}{expression.get_absolute_url()}"]
    )
    return " · ".join(told)


def _docx(work: Work, expression: Expression) -> bytes:
    paper = {"lines": about(work, expression), "source": sourced(expression)}
    return docx_written.write(expression.as_text(), is_right_to_left=expression.direction == "rtl", **paper)


def _pdf(work: Work, expression: Expression) -> bytes:
    paper = {"lines": about(work, expression), "source": sourced(expression)}
    return pdf.law(expression.as_text(), is_right_to_left=expression.direction == "rtl", **paper)


def structured(work: Work, expression: Expression) -> bytes:
    """For programs."""
    told = {name: said for name in ("source", "source_url") if (said := getattr(expression, name))}
    url = f"{settings.SITE_URL}{expression.get_absolute_url()}"
    return own_json.write(expression.as_text(), work=work.slug, authenticity=expression.authenticity, url=url, **told)


def standalone(work: Work, expression: Expression) -> str:
    """A page that needs nothing but itself."""
    text: Text = expression.as_text()
    context = {
        "work": work,
        "expression": expression,
        "title": text.title,
        "html": mark_safe(rendering.page(text)),  # noqa: S308  # nothing but what is listed there
        "contents": rendering.contents(text),
        "lines": about(work, expression),
        "source": sourced(expression),
        "linked": citing.json_ld(work.cited(expression)),
    }
    return render_to_string("legal/standalone.html", context)


WRITERS = {
    "akn.xml": Form("application/akn+xml", lambda _work, text: akn.write(text.as_text())),
    "docx": Form(OFFICE, _docx, 120),
    "pdf": Form("application/pdf", _pdf, 60),
    "html": Form("text/html; charset=utf-8", standalone),
    "json": Form("application/json", structured),
    "bib": Form(
        "application/x-bibtex; charset=utf-8", lambda work, text: citing.bibtex(work.cited(text)), needs_text=False
    ),
    "ris": Form(RIS, lambda work, text: citing.ris(work.cited(text)), needs_text=False),
    "txt": Form(
        "text/plain; charset=utf-8", lambda work, text: f"{citing.plain(work.cited(text))}\n", needs_text=False
    ),
}


def text_file(request: HttpRequest, shelf: str, slug: str, form: str) -> HttpResponse:
    """The text in `?language=` as it read `?on=` a day (today), as a file of that form."""
    if form not in WRITERS:
        raise Http404
    part, writer = TextPart.of(request, asked_work(request, shelf, slug)), WRITERS[form]
    if writer.needs_text and part.expression is None:
        raise Http404
    if refusal := too_many(request, f"law-{form}", writer.most):
        return refusal
    response = HttpResponse(writer.write(part.work, part.expression), content_type=writer.content_type)
    version = [part.expression.language, part.expression.valid_on.isoformat()] if part.expression else []
    response["Content-Disposition"] = f'attachment; filename="{"-".join([slug, *version])}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return public(request, response)
