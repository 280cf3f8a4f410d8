"""What editors publish: the home page, a page for each forum, and articles."""

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks import PLAIN, BodyBlock
from events import mail
from events.models import Event
from events.views.feeds import feed_links
from events.views.programme import groups, speakers
from network.views.answers import public

FIRST_SESSIONS = 6  # of each day, on the page of a forum


class PublicPage(Page):
    """A page that is the same for every reader who is not signed in."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return public(request, super().serve(request, *args, **kwargs))

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        found = super().get_context(request, *args, **kwargs)
        return {**found, "language_links": self.language_links(request), "trail": self.trail(request)}

    def trail(self, request: HttpRequest) -> list[dict]:
        """The pages above this one from the home page down, and this one."""
        above = self.get_ancestors().filter(depth__gt=1).live()
        return [{"label": page.title, "url": page.get_url(request)} for page in above] + [{"label": self.title}]

    def language_links(self, request: HttpRequest) -> list[dict]:
        """This page in each language, at whatever address its translator gave it; the home page where it is not
        translated, because its own address would lead nowhere there."""
        translations = self.get_translations(inclusive=True).live().public().select_related("locale")
        urls = {page.locale.language_code: page.get_url(request) for page in translations}
        here = self.locale.language_code
        return [
            {"code": code, "name": name, "url": urls.get(code, f"/{code}/"), "is_current": code == here}
            for code, name in settings.LANGUAGES
        ]


class HomePage(PublicPage):
    intro = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ForumPage", "cms.ArticlePage"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        forums = ForumPage.objects.child_of(self).live().public()
        shown = forums.filter(event__in=Event.objects.visible_to(request.user)).select_related("event__venue__country")
        return {
            **super().get_context(request, *args, **kwargs),
            "forums": shown.order_by("-event__starts_on", "path"),
            "feed_links": feed_links(reverse("events:events_feed")),
            "articles": ArticlePage.objects.child_of(self).live().public(),
        }


class ForumPage(PublicPage):
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("event"), related_name="pages")
    summary = RichTextField(_("summary"), features=PLAIN, blank=True)
    practical = StreamField(BodyBlock(), verbose_name=_("practical information"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("event"), FieldPanel("summary"), FieldPanel("practical")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    template = "cms/forum_page.html"

    class Meta:
        verbose_name = _("forum page")

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """404 for who may not see the event: a page never says more than its event."""
        if not Event.objects.visible_to(request.user).filter(pk=self.event_id).exists():
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        event = self.event
        programme = event.programme
        entries = list(programme.entries.visible_to(request.user).in_order().lean()) if programme else []
        programme_url = reverse("events:event_programme", args=[event.slug])
        return {
            **super().get_context(request, *args, **kwargs),
            "event": event,
            "dates": mail.dates(event),
            "programme_url": programme_url if entries else "",
            "days": [_day(group, programme_url) for group in groups(event, entries)],
            "speakers": speakers(entries),
            "feed_links": feed_links(reverse("events:event_feed", args=[event.slug])),
            "articles": ArticlePage.objects.child_of(self).live().public(),
        }


class ArticlePage(PublicPage):
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("One or two sentences below the title."))
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("standfirst"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.ForumPage"]
    subpage_types = []
    template = "cms/article_page.html"

    class Meta:
        verbose_name = _("article")


def _day(group: dict, programme_url: str) -> dict:
    """A day with its first sessions."""
    rows = [row for time in group["times"] for row in time["rows"]]
    url = f"{programme_url}?day={group['day_date']}"
    return {"label": group["day"], "url": url, "rows": rows[:FIRST_SESSIONS]}
